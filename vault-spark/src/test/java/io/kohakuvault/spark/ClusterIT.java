package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A standalone cluster of a master and two workers as processes. Executors have this module by the bundle alone, as
 * {@code --jars} gives it to them. Runs with {@code mvn -Pspark-cluster -pl vault-spark verify}.
 */
class ClusterIT {
    private static final int FILES = 6;
    private static final int ROWS = 50_000;

    /** Stays for whoever looks for the cause of a failure. */
    private static final Path FOLDER =
            Path.of(System.getProperty("vault.spark.cluster")).toAbsolutePath();

    private static final List<Process> PROCESSES = new ArrayList<>();
    private static SparkSession spark;

    @BeforeAll
    static void start() throws Exception {
        CommitLog.deleteTree(FOLDER);
        Path jars = Files.createDirectories(FOLDER.resolve("home/jars"));
        // Spark's scripts name the directory, in no order: of a library that Kafka brings too, Spark's own comes first
        // here.
        Set<String> libraries = new HashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            if (name.endsWith(".jar")
                    && !name.matches("(vault|sqlite)-.*")
                    && libraries.add(name.replaceFirst("-\\d[^-]*", ""))) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        Files.writeString(FOLDER.resolve("home/RELEASE"), "of a test");
        Path masterLog = launch("master", "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0");
        String master = found(masterLog, "Starting Spark master at (spark://\\S+)");
        for (int i = 0; i < 2; i++) {
            Path log = launch(
                    "worker" + i,
                    "org.apache.spark.deploy.worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--webui-port",
                    "0",
                    "--work-dir",
                    FOLDER.resolve("work" + i).toString(),
                    master);
            found(log, "(Successfully registered with master)");
        }
        spark = SparkSession.builder()
                .master(master)
                .appName("cluster")
                .config("spark.jars", System.getProperty("vault.spark.bundle"))
                .config("spark.executor.memory", "700m")
                .config("spark.executor.cores", "1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.speculation", "true")
                .config("spark.speculation.interval", "50ms")
                .config("spark.speculation.multiplier", "1.1")
                .config("spark.speculation.quantile", "0.1")
                .getOrCreate();
        for (int file = 0; file < FILES; file++) {
            int first = file * ROWS;
            Local.table(
                    FOLDER.resolve("in" + file + ".db"),
                    "t",
                    s -> s.column("id", DType.I64).column("name", DType.STR),
                    table -> table.appendColumns(columns -> {
                        long[] ids = new long[ROWS];
                        List<String> names = new ArrayList<>();
                        for (int i = 0; i < ROWS; i++) {
                            ids[i] = first + i;
                            names.add("n" + (first + i) % 10);
                        }
                        columns.set("id", ids).set("name", names);
                    }));
        }
    }

    private static Path launch(String name, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(List.of(System.getProperty("vault.spark.flags").split(" ", -1)));
        command.addAll(List.of("-Xmx256m", "-cp", FOLDER.resolve("home/jars") + "/*"));
        command.add(arguments[0]);
        // No task is tried twice on one host: the workers are two, of the same machine.
        String host = name.equals("worker1") ? "127.0.0.2" : "127.0.0.1";
        command.addAll(List.of("--host", host));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Path log = FOLDER.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", FOLDER.resolve("home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", host);
        PROCESSES.add(builder.start());
        return log;
    }

    /** What a process says within two minutes. */
    private static String found(Path log, String pattern) throws Exception {
        Pattern wanted = Pattern.compile(pattern);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end) {
            Matcher matcher = wanted.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.sleep(100);
        }
        throw new AssertionError(pattern + " is not in\n" + Files.readString(log));
    }

    @AfterAll
    static void stop() throws Exception {
        if (spark != null) {
            spark.stop();
        }
        for (Process process : PROCESSES) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static List<ProcessHandle> executors() {
        return PROCESSES.stream()
                .flatMap(process -> process.descendants())
                .filter(handle -> Stream.of(handle.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.contains("CoarseGrainedExecutorBackend")))
                .toList();
    }

    /** Whether tasks of a stage are being worked on. */
    private static boolean isWorking() {
        var tracker = spark.sparkContext().statusTracker();
        for (int stage : tracker.getActiveStageIds()) {
            var info = tracker.getStageInfo(stage);
            if (info.isDefined() && info.get().numActiveTasks() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Kills an executor as soon as it works on something. */
    private static void killOne() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end) {
            if (isWorking() && !executors().isEmpty()) {
                ProcessHandle killed = executors().get(0);
                killed.destroyForcibly();
                killed.onExit().get(1, TimeUnit.MINUTES);
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("nothing ran");
    }

    private static Dataset<Row> read() {
        return spark.read()
                .format("kohakuvault")
                .option("table", "t")
                .option("maxPartitionBytes", "500000")
                .load(FOLDER.resolve("in*.db").toString());
    }

    /** That a directory has each row once. */
    private static void checkOnce(Path directory, long rows) {
        assertThat(spark.read()
                        .format("kohakuvault")
                        .option("table", "t")
                        .load(directory.toString())
                        .selectExpr("count(*)", "count(DISTINCT id)", "sum(id)", "count(s)")
                        .first()
                        .toString())
                .isEqualTo("[" + rows + "," + rows + "," + rows * (rows - 1) / 2 + "," + rows + "]");
    }

    @Test
    void answersGeneratedQueriesAsDuckDbDoes() throws Exception {
        new GeneratedQueries(Files.createDirectories(FOLDER.resolve("queries")))
                .check(spark, Integer.getInteger("vault.spark.queries", 200));
    }

    @Test
    void readsAndWritesAndLosesExecutorsOnTheWay() throws Exception {
        long rows = FILES * (long) ROWS;
        assertThat(read().selectExpr("count(id)", "sum(id)", "count(DISTINCT name)")
                        .first()
                        .toString())
                .isEqualTo("[" + rows + "," + rows * (rows - 1) / 2 + ",10]");

        CompletableFuture<Row> slow = CompletableFuture.supplyAsync(
                () -> read().selectExpr("count(id)", "sum(id)", "max(sha2(repeat(concat(name, id), 400), 512))")
                        .first());
        killOne();
        Row answer = slow.get(10, TimeUnit.MINUTES);
        assertThat(answer.getLong(0)).isEqualTo(rows);
        assertThat(answer.getLong(1)).isEqualTo(rows * (rows - 1) / 2);

        Path out = FOLDER.resolve("out");
        CompletableFuture<Void> write = CompletableFuture.runAsync(
                () -> read().selectExpr("id", "sha2(repeat(concat(name, id), 400), 512) AS s")
                        .write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .mode(SaveMode.Append)
                        .save(out.toString()));
        killOne();
        write.get(10, TimeUnit.MINUTES);
        checkOnce(out, rows);
        try (Stream<Path> files = Files.list(out)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".db")).toList()) {
                try (Vault vault = Vault.openReadOnly(file)) {
                    assertThat(vault.maintenance()
                                    .verify(io.kohakuvault.maintenance.Progress.none())
                                    .isSound())
                            .isTrue();
                }
            }
        }
    }

    /** Of two attempts of a task one counts, and of the other nothing is left. */
    @Test
    void tasksThatAreRunTwiceReadAndWriteEachRowOnce() throws Exception {
        AtomicInteger speculative = new AtomicInteger();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                speculative.addAndGet(start.taskInfo().speculative() ? 1 : 0);
            }
        };
        spark.sparkContext().addSparkListener(listener);
        Path out = FOLDER.resolve("speculative");
        long rows = ROWS;
        // The last task has all the work: the executor without any tries it too.
        String slow = "sha2(repeat(name, IF(id < 45000, 1, 200000)), 512)";
        for (int i = 0; i < 2; i++) {
            Dataset<Row> one = spark.read()
                    .format("kohakuvault")
                    .option("table", "t")
                    .option("maxPartitionBytes", "500000")
                    .load(FOLDER.resolve("in0.db").toString());
            one.selectExpr("id", "name", slow + " AS s")
                    .write()
                    .format("kohakuvault")
                    .option("table", "t")
                    .mode(SaveMode.Overwrite)
                    .partitionBy("name")
                    .save(out.toString());
            checkOnce(out, rows);
            Await.until("nothing is left", () -> !Files.exists(out.resolve(".kohakuvault")), () -> "");
        }
        spark.sparkContext().removeSparkListener(listener);
        assertThat(speculative.get()).isPositive();
    }
}
