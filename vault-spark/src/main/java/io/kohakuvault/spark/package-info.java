/**
 * Directories of vaults as a data source of Spark SQL: {@code spark.read().format("kohakuvault")}. What a program uses
 * is Spark's own API with this format's name and options; see the guide docs/spark.md.
 */
@NullMarked
package io.kohakuvault.spark;

import org.jspecify.annotations.NullMarked;
