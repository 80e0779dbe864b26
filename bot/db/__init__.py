"""Everything SQL: database, migrations, one repository per table; no other file holds a query."""
