package io.kohakuvault.notebook;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.notebook.internal.Cells;
import io.kohakuvault.notebook.internal.Html;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screen;
import io.kohakuvault.notebook.internal.Screens;
import java.util.Locale;

/**
 * A bar for what takes long: an import, a backup, a check, or a loop of one's own. In a notebook it is one output that
 * changes, in a terminal one line. An interrupt of the thread cancels what asks it. Belongs to one operation; calls may
 * come from any thread, one at a time.
 *
 * <pre>{@code
 * try (LoadProgress bar = LoadProgress.of("A copy")) {
 *     vault.maintenance().backup(Path.of("copy.db"), bar);
 * }
 * }</pre>
 */
public final class LoadProgress implements Progress, AutoCloseable {
    private static final long PAUSE_NANOS = 200_000_000;
    private static final int TEXT_WIDTH = 30;

    private final Screen screen;
    private final String label;
    private final long began = System.nanoTime();
    private final String id;
    private long shownAt = began;
    private double share;
    private boolean known;
    private boolean closed;

    private LoadProgress(Screen screen, String label) {
        this.screen = screen;
        this.label = Cells.printable(label);
        this.id = screen.show(render(false));
    }

    /**
     * Shows a bar at its beginning.
     *
     * @param label what is being done
     * @return the bar; close it
     */
    public static LoadProgress of(String label) {
        return new LoadProgress(Screens.current(), label);
    }

    /**
     * Moves the bar; what is shown changes five times a second at most.
     *
     * @param done how much is done
     * @param total how much there is; 0 or less where that is not known
     * @return false when the thread is interrupted, which cancels the operation that has called
     */
    @Override
    public synchronized boolean advanced(long done, long total) {
        if (!closed && total > 0) {
            known = true;
            share = Math.max(share, Math.min(1, done / (double) total));
            long now = System.nanoTime();
            if (now - shownAt >= PAUSE_NANOS) {
                shownAt = now;
                screen.update(id, render(false));
            }
        }
        return !Thread.currentThread().isInterrupted();
    }

    /**
     * Shows how long it took, and how far it came where that is not all, which stays. A second call does nothing.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            screen.update(id, render(true));
            screen.end();
        }
    }

    private Rendered render(boolean ended) {
        double seconds = (System.nanoTime() - began) / 1e9;
        // What has failed at its end has been at 100 % too: no more is said than is known.
        String format = !ended
                ? "%.0f %%, %.1f s"
                : !known ? "ended after %2$.1f s" : share < 1 ? "%.0f %%, ended after %.1f s" : "%.0f %% in %.1f s";
        String state = String.format(Locale.ROOT, format, Math.floor(share * 100), seconds);
        int full = (int) Math.floor(share * TEXT_WIDTH);
        String text = label + " [" + "#".repeat(full) + " ".repeat(TEXT_WIDTH - full) + "] " + state;
        String html = "<p>" + Html.escape(label) + "</p><p><span class=\"kv-p\"><span class=\"kv-b\" style=\"width:"
                + Math.round(share * 1000) / 10.0 + "%\"></span></span>" + state + "</p>";
        return new Rendered(Html.box(html), text);
    }
}
