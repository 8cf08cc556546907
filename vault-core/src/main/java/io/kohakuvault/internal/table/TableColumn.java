package io.kohakuvault.internal.table;

import io.kohakuvault.table.SchemaColumn;

/** A column of a table with the id under which its blocks stand. */
record TableColumn(long colId, SchemaColumn schema) {}
