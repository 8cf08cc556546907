package io.kohakuvault.spark;

import io.kohakuvault.Vault;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One Spark for all tests of this module, with two cores of this machine. */
final class Local {
    private static final SparkSession SPARK = SparkSession.builder()
            .master("local[2]")
            .appName("vault-spark")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            // The default since Spark 4: points in time before 1900 are written as they are.
            .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
            .config("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/vault-spark-warehouse")
            .getOrCreate();

    private Local() {}

    static SparkSession spark() {
        return SPARK;
    }

    static Dataset<Row> read(String table, Object path) {
        return SPARK.read().format("kohakuvault").option("table", table).load(path.toString());
    }

    /** Makes a file with a table, or adds to it. */
    static void table(Path file, String name, Consumer<Schema.Builder> schema, Consumer<Table> filler) {
        try (Vault vault = Vault.open(file)) {
            filler.accept(vault.tables().ensure(name, schema));
        }
    }

    /** What Scala has as a sequence, of whichever of its versions. */
    static <T> List<T> list(scala.collection.Seq<T> seq) {
        List<T> list = new ArrayList<>();
        scala.collection.Iterator<T> elements = seq.iterator();
        while (elements.hasNext()) {
            list.add(elements.next());
        }
        return list;
    }

    /** The message of an exception and of all that caused it. */
    static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            all.append(at.getMessage()).append('\n');
        }
        return all.toString();
    }
}
