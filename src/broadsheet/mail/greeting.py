"""Does the mail server let us in, and is the line encrypted?"""

import ssl

from broadsheet.errors import BroadsheetError
from broadsheet.mail.smtp import SmtpMailer


def greeting(mailer: SmtpMailer) -> tuple[bool | None, str]:
    """Connect as when mails are sent, sign in where that is set, and hang up.

    Gives whether the line was encrypted, None where nobody let us in, and what there is to say of it.
    """
    try:
        server = mailer.connected()
    except BroadsheetError as error:
        return None, str(error)
    except OSError as error:  # those of smtplib are too
        return None, f"Nobody let us in: {error.strerror or str(error) or type(error).__name__}."
    try:
        line = server.sock
        if isinstance(line, ssl.SSLSocket):
            return True, f"The line is encrypted with {line.version()}, and the certificate is valid."
        return False, "The server offers no encryption: whoever is on the way reads along."
    finally:
        server.close()
