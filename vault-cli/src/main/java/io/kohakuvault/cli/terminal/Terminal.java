package io.kohakuvault.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Whether standard streams are a terminal, and how wide it is. */
public final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 20;

    private Terminal() {}

    /**
     * Whether somebody types what is read.
     *
     * @return false as well when it is not known
     */
    public static boolean isInput() {
        return isTerminal(0);
    }

    /**
     * Whether what is printed is seen on a terminal.
     *
     * @return false as well when it is not known
     */
    public static boolean isOutput() {
        return isTerminal(1);
    }

    /**
     * Whether what is printed may be bold.
     *
     * @return false where it is no terminal, a simple one, or NO_COLOR (https://no-color.org) says so
     */
    public static boolean hasColours() {
        String refused = System.getenv("NO_COLOR");
        return isOutput() && (refused == null || refused.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * Whether messages are seen on a terminal.
     *
     * @return false as well when it is not known
     */
    public static boolean isError() {
        return isTerminal(2);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | RuntimeException e) {
            return isConsole(); // not Linux
        }
    }

    /** From 22 on System.console() may answer where there is no terminal; then it can be asked. */
    @SuppressWarnings("SystemConsoleNull") // asked below
    private static boolean isConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /**
     * How many columns the terminal has.
     *
     * @return what COLUMNS says, else what the terminal does, else 80; at least 20
     */
    public static int width() {
        int said = number(String.valueOf(System.getenv("COLUMNS")));
        int width = said > 0 ? said : asked();
        return Math.max(LEAST_WIDTH, width > 0 ? width : USUAL_WIDTH);
    }

    private static int asked() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream out = stty.getInputStream()) {
                String[] size = new String(out.readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ", -1);
                return stty.waitFor(1, TimeUnit.SECONDS) && size.length == 2 ? number(size[1]) : 0;
            }
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }
}
