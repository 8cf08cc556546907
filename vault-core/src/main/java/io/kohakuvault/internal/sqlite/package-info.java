/**
 * Connections, statements, transactions and the mapping of SQLite's result codes. The only package that knows JDBC.
 */
@NullMarked
package io.kohakuvault.internal.sqlite;

import org.jspecify.annotations.NullMarked;
