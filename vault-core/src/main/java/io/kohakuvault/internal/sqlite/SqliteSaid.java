package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQLite's own words about a failure, without the driver's around them, for a sentence that says more. */
public final class SqliteSaid {
    /** A driver's: "[SQLITE_ERROR] SQL error or missing database (no such column: a)". */
    private static final Pattern DRIVER = Pattern.compile("^\\[SQLITE_\\w+\\] [^()]*\\((.*)\\)$", Pattern.DOTALL);

    private SqliteSaid() {}

    /** What SQLite has said, else what the failure says. */
    public static String of(VaultException failure) {
        Throwable cause = failure.getCause();
        String said = String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
        Matcher driver = DRIVER.matcher(said);
        return driver.matches() ? driver.group(1) : said;
    }
}
