package io.kohakuvault.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The same rows as vaults and as Parquet, written and read by Spark in one run: prints the best time of each and the
 * ratios. Rows and rounds are its arguments; docs/spark.md has the command.
 */
final class ScanComparison {
    private ScanComparison() {}

    public static void main(String[] arguments) throws IOException {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        Path folder = Files.createTempDirectory("vault-spark-comparison");
        try {
            compare(folder.resolve("rows"), rows, rounds);
            compareFiles(folder.resolve("files"), 1000, rounds, true);
            compareFiles(folder.resolve("files"), 1000, rounds, false);
            compareColumns(folder.resolve("columns"), (int) Math.min(500_000, rows / 10), rounds);
        } finally {
            CommitLog.deleteTree(folder);
        }
    }

    private static void compare(Path folder, long rows, int rounds) {
        Dataset<Row> data = Local.spark()
                .range(0, rows, 1, 4)
                .selectExpr("id", "rand(7) AS x", "int(id % 100) AS k", "concat('name', id % 1000) AS s");
        Map<String, Dataset<Row>> sources = new LinkedHashMap<>();
        for (String format : new String[] {"vault", "parquet", "parquet-zstd"}) {
            Path out = folder.resolve(format);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 2; i++) {
                best = Math.min(best, seconds(() -> write(data, format, out)));
            }
            System.out.printf(Locale.ROOT, "write %-13s %7.2f s%n", format, best);
            sources.put(
                    format,
                    format.equals("vault")
                            ? Local.read("t", out)
                            : Local.spark().read().parquet(out.toString()));
        }
        String[] queries = {
            "sum(id)",
            "sum(id), sum(x)",
            "sum(id), sum(x), sum(k), max(s)",
            "k: sum(x)",
            "where id BETWEEN " + rows / 2 + " AND " + (rows / 2 + rows / 100) + ": sum(x)",
        };
        for (String query : queries) {
            Map<String, Double> best = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                sources.forEach((format, source) ->
                        best.merge(format, seconds(() -> query(source, query).collectAsList()), Math::min));
            }
            print(query, best);
        }
    }

    /** Many small files: what planning costs, and a query over all of them, by a new reading each time. */
    private static void compareFiles(Path folder, int files, int rounds, boolean mergeSchema) {
        Dataset<Row> data = Local.spark()
                .range(0, files * 100L, 1, files)
                .selectExpr("id", "rand(7) AS x", "int(id % 100) AS k", "concat('name', id % 1000) AS s");
        Map<String, Double> open = new LinkedHashMap<>();
        Map<String, Double> plan = new LinkedHashMap<>();
        Map<String, Double> query = new LinkedHashMap<>();
        String[] formats = {"vault", "parquet"};
        for (String format : formats) {
            write(data, format, folder.resolve(format));
        }
        for (int round = 0; round < rounds; round++) {
            for (String format : formats) {
                java.util.concurrent.atomic.AtomicReference<Dataset<Row>> read =
                        new java.util.concurrent.atomic.AtomicReference<>();
                Path path = folder.resolve(format);
                double opened = seconds(() -> read.set(read(format, path, mergeSchema)));
                double planned = seconds(() -> read.get()
                        .where("id >= 500")
                        .selectExpr("id", "x")
                        .queryExecution()
                        .executedPlan()
                        .execute()
                        .getNumPartitions());
                open.merge(format, opened, Math::min);
                plan.merge(format, opened + planned, Math::min);
                query.merge(
                        format,
                        opened
                                + seconds(() ->
                                        query(read.get(), "sum(id), sum(x)").collectAsList()),
                        Math::min);
            }
        }
        String what = files + " files" + (mergeSchema ? ", schemas merged: load" : ": load");
        print(what, open);
        print(what + " and plan", plan);
        print(what + ", sum(id), sum(x)", query);
    }

    /** Few columns of many. */
    private static void compareColumns(Path folder, int rows, int rounds) {
        String[] columns = new String[100];
        String[] ten = new String[10];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = "rand(" + i + ") AS c" + i;
            if (i % 10 == 0) {
                ten[i / 10] = "sum(c" + i + ")";
            }
        }
        Dataset<Row> data = Local.spark().range(0, rows, 1, 4).selectExpr(columns);
        Map<String, Double> all = new LinkedHashMap<>();
        Map<String, Double> few = new LinkedHashMap<>();
        String[] formats = {"vault", "parquet"};
        Map<String, Dataset<Row>> sources = new LinkedHashMap<>();
        for (String format : formats) {
            write(data, format, folder.resolve(format));
            sources.put(format, read(format, folder.resolve(format), true));
        }
        String[] every = java.util.Arrays.stream(columns)
                .map(c -> "sum(" + c.substring(c.indexOf(" AS ") + 4) + ")")
                .toArray(String[]::new);
        for (int round = 0; round < rounds; round++) {
            sources.forEach((format, source) -> {
                few.merge(format, seconds(() -> source.selectExpr(ten).collectAsList()), Math::min);
                all.merge(format, seconds(() -> source.selectExpr(every).collectAsList()), Math::min);
            });
        }
        print("sums of 10 of 100 columns", few);
        print("sums of 100 columns", all);
    }

    private static Dataset<Row> read(String format, Path path, boolean mergeSchema) {
        return Local.spark()
                .read()
                .format(format.equals("vault") ? "kohakuvault" : "parquet")
                .option("table", "t")
                .option("mergeSchema", mergeSchema)
                .load(path.toString());
    }

    private static void print(String what, Map<String, Double> best) {
        System.out.printf(Locale.ROOT, "%-50s", what);
        best.forEach((format, time) ->
                System.out.printf(Locale.ROOT, "  %s %.3f s (%.2f)", format, time, time / best.get("vault")));
        System.out.println();
    }

    private static void write(Dataset<Row> data, String format, Path out) {
        if (format.equals("vault")) {
            data.write()
                    .format("kohakuvault")
                    .option("table", "t")
                    .mode(SaveMode.Overwrite)
                    .save(out.toString());
        } else {
            data.write()
                    .option("compression", format.equals("parquet") ? "none" : "zstd")
                    .mode(SaveMode.Overwrite)
                    .parquet(out.toString());
        }
    }

    private static Dataset<Row> query(Dataset<Row> source, String query) {
        if (query.startsWith("where ")) {
            int colon = query.indexOf(": ");
            return source.where(query.substring(6, colon)).selectExpr(query.substring(colon + 2));
        } else if (query.startsWith("k: ")) {
            return source.groupBy("k").agg(org.apache.spark.sql.functions.expr(query.substring(3)));
        }
        return source.selectExpr(query.split(", (?=\\w+\\()", -1));
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
