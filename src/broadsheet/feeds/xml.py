"""Elements of XML as all doors write them."""

from broadsheet.entrance.xml import add, document, stamp

__all__ = ["add", "document", "stamp"]
