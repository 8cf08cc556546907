package io.kohakuvault.cli;

import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a table of documents that is made cuts text into words: a tokenizer and its settings. */
final class TokenizerOptions {
    private static final String SETTING = "--tokenizer-setting";

    private static final Pattern DECLARED = Pattern.compile("(unicode61|porter unicode61|trigram)((?s: .*)?)");

    /** One of them behind the tokenizer's name; quotes in it are doubled. */
    private static final Pattern DECLARED_SETTING =
            Pattern.compile(" (remove_diacritics|categories|tokenchars|separators|case_sensitive) '((?:[^']|'')*+)'");

    /** What a shell takes as it is. */
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    @Option(
            names = "--tokenizer",
            paramLabel = "TOKENIZER",
            description = "how a table that is made cuts text into words: ${COMPLETION-CANDIDATES} (default unicode61)")
    MadeTables.Tokenizer tokenizer;

    @Option(
            names = SETTING,
            paramLabel = "NAME=VALUE",
            description =
                    "a setting of the tokenizer, by FTS5's names: tokenchars, separators, categories, remove_diacritics; of trigram case_sensitive, remove_diacritics. Any number of times")
    List<String> settings = new ArrayList<>();

    /** The first of these options that was given. */
    Optional<String> first() {
        return tokenizer != null
                ? Optional.of("--tokenizer")
                : settings.isEmpty() ? Optional.empty() : Optional.of(SETTING);
    }

    boolean isGiven() {
        return first().isPresent();
    }

    /** Options of a table, whose columns others say. */
    TextOptions options(FileCommand command) {
        Map<String, String> said = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw command.wrong(SETTING + " " + setting + ": say NAME=VALUE, as in tokenchars=-_");
            } else if (said.put(setting.substring(0, equals), setting.substring(equals + 1)) != null) {
                throw command.wrong(SETTING + " " + setting.substring(0, equals) + " is given twice");
            }
        }
        try {
            return TextOptions.defaults()
                    .withTokenizer(
                            MadeTables.Tokenizer.of(tokenizer == null ? MadeTables.Tokenizer.unicode61 : tokenizer),
                            said);
        } catch (IllegalArgumentException e) {
            throw command.wrong(SETTING + ": " + e.getMessage());
        }
    }

    /**
     * The options that make a table with the tokenizer of one that is there, as a shell takes them; empty when none do.
     */
    static Optional<String> of(TextReader texts) {
        Matcher declared = DECLARED.matcher(texts.tokenizer());
        if (!declared.matches()) {
            return Optional.empty();
        }
        TokenizerOptions options = new TokenizerOptions();
        options.tokenizer = MadeTables.Tokenizer.valueOf(declared.group(1).split(" ", 2)[0]);
        Matcher setting = DECLARED_SETTING.matcher(declared.group(2));
        int end = 0;
        while (setting.find() && setting.start() == end) {
            options.settings.add(setting.group(1) + "=" + setting.group(2).replace("''", "'"));
            end = setting.end();
        }
        if (end != declared.group(2).length()
                || !Messages.oneLine(texts.tokenizer()).equals(texts.tokenizer())) {
            return Optional.empty();
        }
        return Optional.of("--tokenizer " + options.tokenizer
                + options.settings.stream()
                        .map(said -> " " + SETTING + " " + quoted(said))
                        .collect(Collectors.joining()));
    }

    /** A word of a shell. */
    static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
