"""One Discord command group a file: parse, call a service, answer; nothing else in the folder."""
