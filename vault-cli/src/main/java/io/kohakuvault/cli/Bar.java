package io.kohakuvault.cli;

import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.maintenance.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long command is: a bar on a terminal, nothing elsewhere. Ends the command that was interrupted. */
final class Bar implements AutoCloseable {
    private final ProgressBar bar;

    Bar(String task, String unit, long unitSize) {
        this.bar = !Terminal.isError()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(1)
                        .setUnit(" " + unit, unitSize)
                        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                        .setUpdateIntervalMillis(200)
                        // The library's own way to the terminal gives SIGINT back to the system, which then kills the
                        // process before it has undone anything.
                        .setConsumer(new ConsoleProgressBarConsumer(System.err, Terminal.width() - 1))
                        .build();
    }

    Progress progress() {
        return (done, total) -> {
            at(done, total);
            return !Interruption.isRequested();
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
