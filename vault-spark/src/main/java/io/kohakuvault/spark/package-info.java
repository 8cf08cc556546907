/**
 * Directories of vaults as a data source of Spark SQL: {@code spark.read().format("kohakuvault")}. What a program uses
 * is Spark's own API with this format's name and options; see the guide docs/spark.md.
 *
 * <pre>{@code
 * SparkSession spark = SparkSession.builder().getOrCreate();
 * Dataset<Row> events = spark.read().format("kohakuvault").option("table", "events").load("shards/*.db");
 * events.groupBy("carrier").count().show();
 * }</pre>
 */
@NullMarked
package io.kohakuvault.spark;

import org.jspecify.annotations.NullMarked;
