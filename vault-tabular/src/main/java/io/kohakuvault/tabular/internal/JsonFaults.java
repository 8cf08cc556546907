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

    private JsonFaults() {}

    /**
     * An exception to be thrown in place of the reader's; what is no fault of the text comes back as it is, unchecked.
     */
    static RuntimeException describe(IOException e) {
        if (e instanceof JsonEOFException) {
            return new RecordException("it is no whole JSON value: the input ends in the middle of it");
        } else if (e instanceof StreamConstraintsException) {
            return new RecordException("it is nested deeper than 512");
        } else if (e instanceof CharConversionException) {
            return new RecordException("it is neither UTF-8 nor UTF-16; convert the input first");
        } else if (e instanceof JsonParseException parse) {
            return new RecordException("it is no JSON at column "
                    + parse.getLocation().getColumnNr() + ": " + why(String.valueOf(parse.getOriginalMessage())));
        }
        return new UncheckedIOException(e);
    }

    private static String why(String message) {
        Matcher token = TOKEN.matcher(message);
        if (token.find()) {
            String text = token.group(1);
            return text.matches("-?(NaN|INF|Infinity|\\+INF)")
                    ? text + " is no number of JSON; write null, or \"" + text + "\" in quotes for a column of f64"
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
