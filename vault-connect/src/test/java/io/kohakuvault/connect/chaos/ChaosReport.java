package io.kohakuvault.connect.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened, and what was found. */
final class ChaosReport {
    private final StringBuilder text = new StringBuilder();
    private final List<String> problems = new ArrayList<>();
    private int events;
    private long records;
    private long rows;
    private long lost;
    private long doubled;

    /**
     * @param repeat the command that does the same again
     */
    ChaosReport(long seed, int events, long records, String repeat) {
        line("chaos of the sink: seed %d, %d events, %,d records", seed, events, records);
        line("again: %s", repeat);
        line("%nevent %-33s %9s %9s", "", "happened", "goes on");
    }

    private void line(String format, Object... args) {
        String line = String.format(Locale.ROOT, format, args);
        System.out.println(line);
        text.append(line).append('\n');
    }

    /**
     * An event is over.
     *
     * @param happened how long it took
     * @param wentOn how long it then took until the files held all there was
     */
    void event(ChaosEvent event, long happened, long wentOn, String detail) {
        line("%5d %-33s %7.1f s %7.1f s  %s", ++events, event, happened / 1e9, wentOn / 1e9, detail);
    }

    void failed(ChaosEvent event, Exception e) {
        line("%5d %-33s FAILED: %s", ++events, event, e);
    }

    void beginFiles() {
        line(
                "%n%-14s %11s %11s %8s %8s %8s  compared: rows, entries, documents, vectors",
                "file", "records", "rows", "gone", "lost", "doubled");
    }

    void file(FileVerifier.Found found) {
        line(
                "%-14s %,11d %,11d %,8d %,8d %,8d%s",
                found.file(),
                found.records(),
                found.rows(),
                found.gone(),
                found.lost(),
                found.doubled(),
                found.problems().isEmpty() ? "" : "  " + found.problems().size() + " problems");
        found.problems().forEach(p -> problem(found.file() + ": " + p));
        records += found.records();
        rows += found.rows();
        lost += found.lost();
        doubled += found.doubled();
    }

    void deadLetters(DeadLetters.Found found) {
        line(
                "%ndead letters: %,d expected, %,d seen, %,d of them once more",
                found.expected(), found.seen(), found.again());
        found.problems().forEach(this::problem);
    }

    private void problem(String problem) {
        problems.add(problem);
        line("  %s", problem);
    }

    void end(long aborted, long nanos) {
        line(
                "in all: %d events, %,d records, %,d rows, %,d lost, %,d doubled, %,d aborted, %d problems, %.0f s",
                events, records, rows, lost, doubled, aborted, problems.size(), nanos / 1e9);
    }

    /** What is wrong: empty when nothing was lost, doubled or different. */
    List<String> problems() {
        return problems;
    }

    long lostOrDoubled() {
        return lost + doubled;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }
}
