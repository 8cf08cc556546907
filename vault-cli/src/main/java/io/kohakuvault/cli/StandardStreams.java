package io.kohakuvault.cli;

import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TerminalWriter;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The streams of this process: text on them is UTF-8 whatever the locale is, and on a terminal its control characters
 * are shown and not obeyed.
 */
final class StandardStreams {
    private static final OutputStream OUT = new Failing(new FileOutputStream(FileDescriptor.out));

    private StandardStreams() {}

    /** Nobody reads what is printed any more: there is nothing left to do, and nothing to say. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ClosedException(IOException cause) {
            super(cause);
        }
    }

    /** What is printed cannot be written. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedException(IOException cause) {
            super("the output could not be written: " + cause.getMessage(), cause);
        }
    }

    /** For what libraries print by themselves. */
    static void useUtf8() {
        System.setOut(new PrintStream(OUT, false, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    }

    static PrintWriter out() {
        Writer text = new BufferedWriter(new OutputStreamWriter(OUT, StandardCharsets.UTF_8), 1 << 16);
        return Terminal.isOutput() ? new TerminalWriter(text) : new PrintWriter(text);
    }

    static PrintWriter err() {
        return new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8), true);
    }

    /** Bytes to standard output as they are. */
    static OutputStream bytes() {
        return OUT;
    }

    /** Writers and print streams swallow an IOException and go on; these end the command. */
    private static final class Failing extends OutputStream {
        private final FileOutputStream target;

        Failing(FileOutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                target.write(bytes, from, length);
            } catch (IOException e) {
                throw isClosed(e) ? new ClosedException(e) : new FailedException(e);
            }
        }

        /** By the message, which may be in the user's language; a pipe fails in no other way. */
        private static boolean isClosed(IOException e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
                return true;
            }
            try {
                String target =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
                return target.startsWith("pipe:") || target.startsWith("socket:");
            } catch (IOException | RuntimeException unknown) {
                return false;
            }
        }
    }
}
