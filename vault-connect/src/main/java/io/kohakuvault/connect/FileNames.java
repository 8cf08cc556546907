package io.kohakuvault.connect;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of the files. In the path that the settings give, placeholders stand for the partition ({@code ${topic}},
 * {@code ${partition}}, {@code ${shard}}), and others for the part of a file that grows for ever: the day, the hour
 * (both of UTC) and a number. What is left when those of the partition are filled in is a family: its files take turns.
 * Immutable.
 */
final class FileNames {
    static final Set<String> OF_PARTITION = Set.of("topic", "partition", "shard");
    static final Set<String> OF_PART = Set.of("date", "hour", "sequence");

    static final String UNFINISHED = "a placeholder that begins with ${ has no } behind it";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String template;
    private final int shards;

    FileNames(String template, int shards) {
        this.template = template;
        this.shards = shards;
    }

    /**
     * Which file of a family, in the order of time.
     *
     * @param date the day, empty where names have none
     * @param hour the hour, empty where names have none
     * @param sequence the number, 0 where names have none
     */
    record Part(String date, String hour, int sequence) implements Comparable<Part> {
        private static final Comparator<Part> ORDER =
                Comparator.comparing(Part::date).thenComparing(Part::hour).thenComparing(Part::sequence);

        @Override
        public int compareTo(Part other) {
            return ORDER.compare(this, other);
        }

        Part next() {
            return new Part(date, hour, sequence + 1);
        }

        /** Without spaces. */
        @Override
        public String toString() {
            return date + "_" + hour + "_" + sequence;
        }
    }

    /** A file that is there. */
    record Found(Path path, Part part) {}

    private boolean has(String placeholder) {
        return template.contains("${" + placeholder + "}");
    }

    /** Whether files take turns. */
    boolean rotates() {
        return OF_PART.stream().anyMatch(this::has);
    }

    /** Whether a file's turn ends when it is large. */
    boolean isNumbered() {
        return has("sequence");
    }

    /** Whether all partitions go to one file. */
    boolean isOne() {
        return OF_PARTITION.stream().noneMatch(this::has);
    }

    /**
     * The path with what stands for the partition filled in. A topic's name cannot leave the folder: Kafka allows only
     * letters, digits, dot, underscore and dash.
     */
    String family(String topic, int partition) {
        return template.replace("${topic}", topic)
                .replace("${partition}", Integer.toString(partition))
                .replace("${shard}", Integer.toString(partition % shards));
    }

    /** The first part of a time. */
    Part at(Instant time) {
        return new Part(
                has("date") ? DATE.format(time) : "", has("hour") ? HOUR.format(time) : "", isNumbered() ? 1 : 0);
    }

    Path path(String family, Part part) {
        return Path.of(family.replace("${date}", part.date)
                .replace("${hour}", part.hour)
                .replace("${sequence}", String.format(Locale.ROOT, "%06d", part.sequence)));
    }

    /** Which part of a family a file is. */
    Optional<Part> part(String family, Path file) {
        return part(pattern(family), String.valueOf(file.getFileName()));
    }

    /** The files of a family that are there, the newest first. */
    List<Found> existing(String family) throws IOException {
        // Not as a path: names of files cannot hold ${...} everywhere.
        Path any = path(family, new Part("d", "h", 0)).toAbsolutePath();
        Path folder = any.getParent();
        List<Found> found = new ArrayList<>();
        if (folder == null) {
            return found;
        }
        Pattern pattern = pattern(family);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                part(pattern, String.valueOf(file.getFileName())).ifPresent(part -> found.add(new Found(file, part)));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return found; // whoever opens a file there says so
        }
        found.sort(Comparator.comparing(Found::part).reversed());
        return found;
    }

    private static Pattern pattern(String family) {
        String name = family.substring(Math.max(family.lastIndexOf('/'), family.lastIndexOf('\\')) + 1);
        StringBuilder regex = new StringBuilder();
        Matcher matcher = SinkSettings.PLACEHOLDER.matcher(name);
        int end = 0;
        while (matcher.find()) {
            regex.append(Pattern.quote(name.substring(end, matcher.start())));
            regex.append(
                    switch (matcher.group(1)) {
                        case "date" -> "(?<date>\\d{4}-\\d{2}-\\d{2})";
                        case "hour" -> "(?<hour>\\d{2})";
                        default -> "(?<sequence>\\d{6,9})";
                    });
            end = matcher.end();
        }
        return Pattern.compile(regex.append(Pattern.quote(name.substring(end))).toString());
    }

    private Optional<Part> part(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches()
                ? Optional.of(new Part(
                        has("date") ? matcher.group("date") : "",
                        has("hour") ? matcher.group("hour") : "",
                        isNumbered() ? Integer.parseInt(matcher.group("sequence")) : 0))
                : Optional.empty();
    }

    /** The folder that all files of a path are in, however deep: it may be a mount. */
    static Optional<Path> folder(String path) {
        int placeholder = path.indexOf("${");
        String same = placeholder < 0 ? path : path.substring(0, placeholder) + "x";
        return Optional.ofNullable(Path.of(same).toAbsolutePath().getParent());
    }

    /** What is wrong with the placeholders of a name; a message for each. */
    static List<String> placeholderProblems(String name, Set<String> known) {
        List<String> problems = new ArrayList<>();
        Matcher matcher = SinkSettings.PLACEHOLDER.matcher(name);
        while (matcher.find()) {
            if (!known.contains(matcher.group(1))) {
                problems.add("unknown placeholder ${" + matcher.group(1) + "}; there is "
                        + known.stream().sorted().map(each -> "${" + each + "}").collect(Collectors.joining(", ")));
            }
        }
        if (isUnfinished(name)) {
            problems.add(UNFINISHED);
        }
        return problems;
    }

    /** Whether a placeholder is begun that does not end. */
    static boolean isUnfinished(String name) {
        return SinkSettings.PLACEHOLDER.matcher(name).replaceAll("").contains("${");
    }

    /** What is wrong with a path; a message for each. */
    static List<String> problems(String path) {
        List<String> problems = new ArrayList<>();
        if (isUnfinished(path)) {
            problems.add(UNFINISHED);
        }
        Matcher matcher = SinkSettings.PLACEHOLDER.matcher(path);
        List<String> parts = new ArrayList<>();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (OF_PART.contains(name)) {
                if (path.indexOf('/', matcher.end()) >= 0 || path.indexOf('\\', matcher.end()) >= 0) {
                    problems.add("${" + name + "} must stand in the file's name, behind all folders");
                }
                if (parts.contains(name)) {
                    problems.add("${" + name + "} stands there twice");
                }
                parts.add(name);
            } else if (!OF_PARTITION.contains(name)) {
                problems.add("unknown placeholder ${" + name
                        + "}; there are ${topic}, ${partition} and ${shard}, and ${date}, ${hour} and ${sequence}");
            }
        }
        if (parts.contains("hour") && !parts.contains("date")) {
            problems.add("${hour} needs ${date}");
        }
        return problems;
    }
}
