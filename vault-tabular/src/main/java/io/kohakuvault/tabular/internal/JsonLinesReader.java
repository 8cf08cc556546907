package io.kohakuvault.tabular.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Objects of JSON, one behind the other, usually one a line. */
final class JsonLinesReader implements RecordReader {
    private final JsonParser parser;
    private final String ofWords;
    private final List<String> names = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private long line;

    /** @param ofWords see {@link JsonFaults#describe} */
    JsonLinesReader(InputStream in, String ofWords) throws IOException {
        this.ofWords = ofWords;
        this.parser = JsonTree.FACTORY.createParser(in);
    }

    @Override
    public List<String> heading() {
        return List.of();
    }

    @Override
    public boolean next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return false;
            }
            line = parser.currentTokenLocation().getLineNr();
            if (token != JsonToken.START_OBJECT) {
                throw new RecordException("it is " + kind(token) + ", and not an object as {\"name\": 1} is"
                        + (token == JsonToken.START_ARRAY ? "; 'jq -c .[]' makes lines of a list" : ""));
            }
            read();
            return true;
        } catch (com.fasterxml.jackson.core.JacksonException | java.io.CharConversionException e) {
            line = parser.currentLocation().getLineNr();
            throw JsonFaults.describe(e, ofWords);
        }
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "a list";
            case VALUE_NULL -> "null";
            case VALUE_STRING -> "a text";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "a number";
        };
    }

    private void read() throws IOException {
        List<String> before = List.copyOf(names);
        names.clear();
        boolean usual = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int i = names.size();
            usual = usual && i < before.size() && before.get(i).equals(name);
            names.add(name);
            if (i == cells.size()) {
                cells.add(new Cell());
            }
            parser.nextToken();
            fill(cells.get(i));
        }
        if (!usual) { // the names of the record before have been looked at
            seen.clear();
            for (String name : names) {
                if (!seen.add(name)) {
                    throw new RecordException("the key '" + Cell.shorten(name) + "' stands twice");
                }
            }
        }
    }

    private void fill(Cell cell) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NULL -> cell.setNull();
            case VALUE_STRING -> cell.setString(parser.getText());
            case VALUE_TRUE -> cell.setBoolean(true);
            case VALUE_FALSE -> cell.setBoolean(false);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                cell.setNumber(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            default -> {
                Object tree = JsonTree.read(parser, 0);
                if (tree != null) {
                    cell.setStructure(tree);
                }
            }
        }
    }

    @Override
    public long line() {
        return line;
    }

    /** How many bytes of the input, decompressed, have been read. */
    long offset() {
        return parser.currentLocation().getByteOffset();
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public String name(int i) {
        return names.get(i);
    }

    @Override
    public Cell cell(int i) {
        return cells.get(i);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
