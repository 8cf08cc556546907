/**
 * SQL by DuckDB over Arrow batches of a vault.
 */
@NullMarked
package io.kohakuvault.arrow.duckdb;

import org.jspecify.annotations.NullMarked;
