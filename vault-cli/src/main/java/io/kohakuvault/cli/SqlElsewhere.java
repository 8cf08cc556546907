package io.kohakuvault.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * SQL, Arrow and Parquet stand in a jar of their own, vault-sql.jar, since DuckDB and Arrow make it eight times the
 * size of this one. Where it lies beside this jar, it is started with the flags that it needs.
 */
@Command(name = "sql", description = "Answers SQL over the file, by DuckDB: needs vault-sql.jar beside vault.jar.")
final class SqlElsewhere {
    /** What DuckDB and Arrow need of the JVM, on 17 and later. */
    private static final List<String> FLAGS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final int PATIENCE_SECONDS = 20;

    /** Runs the command by that jar; answers its exit code. */
    static int run(List<String> args) {
        String name = "vault " + args.get(0);
        Path jar;
        try {
            Path here = Path.of(SqlElsewhere.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            jar = here.resolveSibling("vault-sql.jar");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (!Files.isReadable(jar)) {
            System.err.println(name + ": this needs " + jar
                    + ", which is not there; it is made by 'mvn -DskipTests package' as vault-cli-sql/target/vault-sql.jar and"
                    + " also runs by itself");
            return 1;
        }
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(FLAGS);
        String options = System.getenv("VAULT_JAVA_OPTS"); // the script's, which has given them to this JVM
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(args);
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            System.err.println(name + ": " + jar + " cannot be started: " + e.getMessage());
            return 1;
        }
        try {
            return process.waitFor();
        } catch (InterruptedException e) { // by a signal, which the other process need not have got
            process.destroy();
            return ended(process);
        }
    }

    /** Waits while the other process undoes what is half done. */
    private static int ended(Process process) {
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 130;
    }
}
