package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.Utf8;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands on a file have in common. */
abstract class FileCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "the vault file")
    Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    @Spec
    CommandSpec spec;

    /** For what can only be said after the command line was parsed. */
    ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** Throws when what is written would take the place of the vault that is read. */
    void checkTarget(Path target) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path own = Path.of(file + suffix);
            if (Files.exists(target) && Files.exists(own) && Files.isSameFile(target, own)) {
                throw wrong("--out " + target + " is the vault itself");
            }
        }
    }

    /** The bytes of a key that is given as text or in hexadecimal digits. */
    byte[] key(String given, boolean hex) {
        try {
            return hex ? HexFormat.of().parseHex(given) : Utf8.encode(given);
        } catch (IllegalArgumentException e) {
            throw wrong("the key '" + given + "' is not " + (hex ? "pairs of hexadecimal digits" : "valid text"));
        }
    }

    /** Writes a file. */
    interface Writing {
        void to(Path path) throws IOException;
    }

    /** What stands at the target is replaced when all is written, and stays when that fails. */
    static void replace(Path target, Writing writing) throws IOException {
        boolean there = Files.exists(target);
        if (there ? !Files.isRegularFile(target) : Files.isSymbolicLink(target)) {
            writing.to(target); // a pipe or a device, or a link to what is to be made
            return;
        }
        Path real = there ? target.toRealPath() : target.toAbsolutePath();
        Path part = real.resolveSibling(
                real.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createFile(part);
        } catch (IOException e) {
            writing.to(target); // no room beside it: then in its place
            return;
        }
        try {
            if (there && Files.getFileStore(real).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(real));
            }
            writing.to(part);
            rename(part, real);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void rename(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) { // its name belongs to another file system, or somebody has it open
            try (OutputStream to = Files.newOutputStream(target)) {
                Files.copy(part, to);
            }
        }
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Opened for reading: nothing is created, nothing changed. */
    Vault read() {
        return Vault.openReadOnly(file);
    }

    /** Opened for writing; only some commands create a file. */
    Vault write(boolean create, VaultOptions options) {
        if (!create && !Files.exists(file)) {
            throw new VaultIoException(file + ": no such file", null);
        }
        return Vault.open(file, options);
    }
}
