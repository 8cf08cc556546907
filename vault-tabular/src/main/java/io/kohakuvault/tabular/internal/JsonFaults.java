package io.kohakuvault.tabular.internal;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a JSON text, in words that do not ask for knowledge of the library that reads it. */
final class JsonFaults {
    private static final Pattern CHARACTER = Pattern.compile("Unexpected character \\('(.+?)' \\(code");
    private static final Pattern TOKEN = Pattern.compile("(?:Unrecognized|Non-standard) token '([^']*)'");

    /** What to do about NaN and infinite numbers, in rows of a table. */
    static final String OF_ROWS = "; write null, or \"%s\" in quotes for a column of f64";

    /** In lines with documents or vectors. */
    static final String OF_LINES = "; a value says it as {\"$float\":\"%s\"}, a vector has finite numbers alone";

    /** In a vector. */
    static final String OF_VECTORS = ", and a vector has finite numbers alone";

    /** In a value by itself. */
    static final String OF_VALUES = "; write null, or \"%s\" in quotes for a text";

    private JsonFaults() {}

    /**
     * An exception to be thrown in place of the reader's; what is no fault of the text comes back as it is, unchecked.
     *
     * @param ofWords what to do about a number that JSON has no digits for; {@code %s} is the number
     */
    static RuntimeException describe(IOException e, String ofWords) {
        if (e instanceof JsonEOFException) {
            return new RecordException("it is no whole JSON value: the input ends in the middle of it");
        } else if (e instanceof StreamConstraintsException) {
            return new RecordException("it is nested deeper than 512");
        } else if (e instanceof CharConversionException) {
            return new RecordException("it is neither UTF-8 nor UTF-16; convert the input first");
        } else if (e instanceof JsonParseException parse) {
            return new RecordException(
                    "it is no JSON at column " + parse.getLocation().getColumnNr() + ": "
                            + why(String.valueOf(parse.getOriginalMessage()), ofWords));
        }
        return new UncheckedIOException(e);
    }

    private static String why(String message, String ofWords) {
        Matcher token = TOKEN.matcher(message);
        if (token.find()) {
            String text = token.group(1);
            return text.matches("-?(NaN|INF|Infinity|\\+INF)")
                    ? text + " is no number of JSON" + ofWords.replace("%s", text)
                    : "'" + Cell.shorten(text) + "' is no value; a text stands in double quotes";
        }
        Matcher character = CHARACTER.matcher(message);
        if (character.find()) {
            return "unexpected '" + character.group(1) + "'";
        } else if (message.contains("UTF-8")) {
            return "it is not UTF-8; convert the input first, for example with iconv -f windows-1252 -t utf-8";
        } else if (message.contains("CTRL-CHAR")) {
            return "a control character stands in a text as it is; JSON writes it as \\u00XX";
        } else if (message.contains("escape")) {
            return "a backslash is followed by what is no escape";
        } else if (message.contains("eading zero")) {
            return "a number begins with a zero; write it in quotes when it is a name";
        }
        return "it cannot be made out";
    }
}
