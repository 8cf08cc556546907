package io.kohakuvault.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether arguments are what was typed. The JVM decodes them by the locale: in POSIX, which cron, services and
 * containers have, a letter beyond ASCII becomes U+FFFD, and two keys one.
 */
final class Arguments {
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /** What to say of arguments that were not decoded. */
    static Optional<String> fault(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (!isDecoded(args, i)) {
                return Optional.of(
                        "argument " + (i + 1) + " ('" + args[i] + "') is not valid in the locale's encoding, "
                                + System.getProperty("sun.jnu.encoding") + "; " + remedy());
            }
        }
        return Optional.empty();
    }

    private static String remedy() {
        return "run it as 'LC_ALL=C.UTF-8 vault …', or give a key as bytes with --hex";
    }

    /** What to say when a path is looked up in a folder whose own name was not decoded. */
    static Optional<String> fault(Path relative) {
        String folder = System.getProperty("user.dir", "");
        return !relative.isAbsolute() && folder.indexOf(REPLACEMENT) >= 0
                ? Optional.of("the current folder's name, '" + folder + "', is not valid in the locale's encoding; "
                        + remedy())
                : Optional.empty();
    }

    private static boolean isDecoded(String[] args, int i) {
        boolean doubtful = args[i].indexOf(REPLACEMENT) >= 0 || hasHalf(args[i]);
        if (!doubtful) {
            // An encoding of ASCII alone may make a question mark of what it does not know.
            boolean ascii = "ANSI_X3.4-1968".equals(System.getProperty("sun.jnu.encoding"));
            if (!ascii || args[i].indexOf('?') < 0) {
                return true;
            }
        }
        List<byte[]> given = given();
        if (given.size() < args.length) {
            return !doubtful;
        }
        byte[] bytes = given.get(given.size() - args.length + i);
        return Arrays.equals(bytes, args[i].getBytes(StandardCharsets.UTF_8))
                || (!doubtful && Arrays.equals(bytes, args[i].getBytes(Charset.defaultCharset())));
    }

    private static boolean hasHalf(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The arguments of this process as the system has them; none where it does not tell. */
    private static List<byte[]> given() {
        List<byte[]> given = new ArrayList<>();
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            int start = 0;
            for (int i = 0; i < line.length; i++) {
                if (line[i] == 0) {
                    given.add(Arrays.copyOfRange(line, start, i));
                    start = i + 1;
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return given;
    }
}
