package io.kohakuvault.sql;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What DuckDB says, for people. */
final class DuckDbWords {
    /** A failure of another thread of DuckDB's, as JSON within the message. */
    private static final Pattern WITHIN =
            Pattern.compile("\\{\"exception_type\":\"[^\"]*\",\"exception_message\":\"((?:[^\"\\\\]|\\\\.)*)\".*\\}");

    private DuckDbWords() {}

    /** One line, without JSON; of a full disk also what to do. */
    static String of(SQLException e) {
        String message = String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("; "));
        Matcher within = WITHIN.matcher(message);
        if (within.find()) {
            message = "IO Error: " + within.group(1).replaceAll("\\\\(.)", "$1");
        }
        return message.contains("No space left on device")
                ? message + "; make room there, or write to another disk"
                : message;
    }
}
