// Where nobody chose yet, the time zone of the browser is chosen; any other stays a choice away.
"use strict";

for (const zones of document.querySelectorAll("select[data-zone]")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zones.value === "UTC" && [...zones.options].some(zone => zone.value === here)) zones.value = here;
}
