// Back from another site: goes on by itself. Without this file there is a button to press.
"use strict";

document.getElementById("returning").requestSubmit();
