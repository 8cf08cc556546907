package io.kohakuvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ratios that docs/benchmarks.md records: the rows of the table between two comments. */
final class RecordedRatios {
    private static final String BEGIN = "<!-- guard: begin -->";
    private static final String END = "<!-- guard: end -->";

    private RecordedRatios() {}

    /** Name to ratio, in the order of the table. */
    static Map<String, Double> read(Path document) throws IOException {
        List<String> lines = Files.readAllLines(document);
        int begin = lines.indexOf(BEGIN);
        int end = lines.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no table between " + BEGIN + " and " + END);
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String line : lines.subList(begin + 1, end)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length < 4 || !cells[1].contains("`")) {
                continue; // the head, or what surrounds the table
            }
            String name = cells[1].replace("`", "").trim();
            if (ratios.put(name, Double.valueOf(cells[2].trim())) != null) {
                throw new IOException(document + " has two rows for " + name);
            }
        }
        return ratios;
    }
}
