package io.kohakuvault.cli;

import io.kohakuvault.VaultException;
import io.kohakuvault.cli.terminal.DisplayText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/** What went wrong, in one line that names no class, no library and no code of theirs. */
final class Messages {
    /** A driver's: "[SQLITE_FULL] Insertion failed because database is full (database or disk is full)". */
    private static final Pattern DRIVER = Pattern.compile("\\[SQLITE_\\w+\\] [^()]*\\(((?:[^()]|\\([^()]*\\))*)\\)");

    private static final Pattern CODE = Pattern.compile("\\[SQLITE_\\w+\\] ?");
    private static final Pattern CLASS = Pattern.compile(
            "\\b(?:java|javax|sun|jdk|org|com|io)(?:\\.\\w+)+\\.[A-Z][\\w$]*(?:Exception|Error)(?:: ?|\\b)");

    private Messages() {}

    /** The message of a failure. */
    static String of(Throwable e) {
        if (Interruption.isRequested()) {
            return "interrupted; what was under way is undone";
        } else if (e instanceof OutOfMemoryError) {
            return "out of memory: the heap has " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; give it more, as in 'java -Xmx2g -jar vault.jar …' or VAULT_JAVA_OPTS=-Xmx2g with the script";
        } else if (e instanceof StackOverflowError) {
            return "a value is nested too deep";
        } else if (e instanceof LinkageError) {
            return "a native library could not be loaded: " + oneLine(e.getMessage())
                    + " (it is unpacked into the folder for temporary files, " + System.getProperty("java.io.tmpdir")
                    + "; -Djava.io.tmpdir names another)";
        } else if (e instanceof UncheckedIOException unchecked) {
            return of(unchecked.getCause());
        } else if (e instanceof IOException io) {
            return ofFile(io);
        }
        boolean meant = e instanceof VaultException
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException
                || e instanceof IndexOutOfBoundsException
                || e instanceof NoSuchElementException
                || e instanceof UnsupportedOperationException
                || e instanceof CancellationException
                || e instanceof StandardStreams.FailedException;
        if (meant && e.getMessage() != null) {
            return oneLine(e.getMessage());
        }
        return "a fault of this program, please report it: " + oneLine(e.toString()) + place(e)
                + " (VAULT_DEBUG=1 shows where)";
    }

    private static String place(Throwable e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }

    private static String ofFile(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder";
        } else if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": access denied; check its permissions, and those of its folder";
        } else if (e instanceof FileAlreadyExistsException there) {
            return there.getFile() + ": exists already";
        } else if (e instanceof FileSystemException other && other.getReason() != null) {
            return other.getFile() + ": " + oneLine(other.getReason());
        }
        return oneLine(e.getMessage() == null ? "input or output failed" : e.getMessage());
    }

    /** A text in one line, without what a reader of messages cannot know. */
    static String oneLine(String text) {
        String line = String.valueOf(text)
                .lines()
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        line = DRIVER.matcher(line).replaceAll("$1");
        line = CODE.matcher(line).replaceAll("");
        return DisplayText.escape(CLASS.matcher(line).replaceAll(""));
    }
}
