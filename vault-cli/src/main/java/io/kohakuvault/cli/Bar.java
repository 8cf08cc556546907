package io.kohakuvault.cli;

import io.kohakuvault.maintenance.Progress;
import java.io.Console;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long command is: a bar on a terminal, nothing elsewhere. */
final class Bar implements AutoCloseable {
    private final ProgressBar bar;

    Bar(String task, String unit, long unitSize) {
        this.bar = !isTerminal()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(1)
                        .setUnit(" " + unit, unitSize)
                        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                        .setUpdateIntervalMillis(200)
                        .build();
    }

    /** From 22 on System.console() may answer where there is no terminal; then it can be asked. */
    @SuppressWarnings("SystemConsoleNull") // asked below
    private static boolean isTerminal() {
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

    Progress progress() {
        return (done, total) -> {
            at(done, total);
            return true;
        };
    }

    void at(long done, long total) {
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
