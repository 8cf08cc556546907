package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands on a file have in common; for the commands of this project alone, which other jars bring too. */
public abstract class FileCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "the vault file")
    protected Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    @Spec
    protected CommandSpec spec;

    private boolean writing;

    /**
     * Does what the command does once its file has been looked at.
     *
     * @return the exit code
     * @throws Exception what went wrong, of which the message is printed
     */
    protected abstract int run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        if (file.toString().isEmpty()) {
            throw wrong("FILE is empty; give the path of a vault");
        }
        Arguments.fault(file).ifPresent(fault -> {
            throw wrong(fault);
        });
        try {
            return run();
        } catch (VaultException e) {
            throw FileFaults.explain(file, writing, e);
        }
    }

    /**
     * For what can only be said after the command line was parsed.
     *
     * @param why what is wrong with it
     * @return to be thrown
     */
    protected ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /**
     * Throws when what is written would take the place of the vault that is read.
     *
     * @param target what is written
     * @throws IOException when it cannot be looked at
     */
    protected void checkTarget(Path target) throws IOException {
        if (VaultFiles.contains(file, target)) {
            throw wrong("--out " + target + " is the vault itself");
        }
    }

    /** Has this command line run by the jar with Arrow and DuckDB; answers its exit code. */
    int elsewhere() {
        return SqlElsewhere.run(spec.root().commandLine().getParseResult().originalArgs());
    }

    /** Whether an option stands on the command line. */
    boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** The bytes of a key that is given as text or in hexadecimal digits. */
    byte[] key(String given, boolean hex) {
        try {
            return hex ? HexFormat.of().parseHex(given) : Utf8.encode(given);
        } catch (IllegalArgumentException e) {
            throw wrong("the key '" + given + "' is not " + (hex ? "pairs of hexadecimal digits" : "valid text"));
        }
    }

    /** {@return standard output} */
    protected PrintWriter out() {
        return spec.root().commandLine().getOut();
    }

    /** {@return standard error} */
    protected PrintWriter err() {
        return spec.root().commandLine().getErr();
    }

    /**
     * Says on standard error what is worth to know and no failure.
     *
     * @param note one line
     */
    protected void note(String note) {
        err().println(spec.qualifiedName() + ": " + Messages.oneLine(note));
    }

    /**
     * Opened for reading: nothing is created, nothing changed.
     *
     * @return the vault, to be closed
     * @throws IOException when the file cannot be looked at
     */
    protected Vault read() throws IOException {
        return read(VaultOptions.defaults());
    }

    Vault read(VaultOptions options) throws IOException {
        FileFaults.checkKind(file, true);
        return Vault.openReadOnly(file, options);
    }

    /**
     * Opened for writing; only some commands create a file.
     *
     * @param create whether this one does
     * @return the vault, to be closed
     * @throws IOException when the file cannot be looked at
     */
    protected Vault write(boolean create) throws IOException {
        writing = true;
        if (!create && !Files.exists(file)) {
            throw new VaultIoException(
                    file + ": " + (Files.isSymbolicLink(file) ? "this link leads to no file" : "no such file"), null);
        }
        FileFaults.checkKind(file, !create);
        return Vault.open(file, VaultOptions.defaults());
    }
}
