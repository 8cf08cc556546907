package io.kohakuvault.tabular.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * CSV in UTF-8 (RFC 4180) whose first line names the columns. A field without a character is a null, one in quotes an
 * empty text; spaces belong to a field. Lines end with LF, CRLF or CR. An empty line is no record, unless there is one
 * column: then it is a null.
 */
final class CsvReader implements RecordReader {
    private final InputStream in;
    private final byte delimiter;
    private final List<byte[]> nulls;
    private final List<String> heading = new ArrayList<>();

    private byte[] buffer = new byte[1 << 16];
    private int recordStart;
    private int at;
    private int end;
    private boolean ended;
    /** Line ends that have been passed. */
    private long lines;

    private long line;

    /** Where fields begin and end, counted from the record's start; both are negative for those in quotes. */
    private int[] starts = new int[16];

    private int[] ends = new int[16];
    private int fields;
    private Cell[] cells = {};

    /**
     * Reads the heading.
     *
     * @param delimiter what separates fields, null for what the heading shows: a comma
     * @param usual what separates them when none is given
     * @param nulls texts without quotes that mean null, beside none at all
     * @param wording what messages advise
     * @param notes hears of names that are made up
     * @throws RecordException when there is none, or the delimiter is another
     */
    CsvReader(
            InputStream in,
            @Nullable Character delimiter,
            char usual,
            List<String> nulls,
            Wording wording,
            Consumer<String> notes)
            throws IOException {
        this.in = in;
        this.delimiter = (byte) (delimiter == null ? usual : delimiter);
        this.nulls = nulls.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        do {
            if (!readRecord()) {
                throw new RecordException(
                        "row 1 cannot be read: Empty header line; the first line of a CSV file names its columns");
            }
        } while (isEmptyLine());
        if (delimiter == null && fields == 1 && starts[0] >= 0) {
            checkDelimiter(Cell.decode(buffer, recordStart + starts[0], recordStart + ends[0]), wording);
        }
        name(notes);
        cells = new Cell[heading.size()];
        Arrays.setAll(cells, i -> new Cell());
    }

    private void checkDelimiter(String line, Wording wording) {
        for (char other : new char[] {';', '\t', '|', ','}) {
            if (line.indexOf(other) >= 0) {
                throw new RecordException("the heading is one name, '" + Cell.shorten(line.replace("\t", "\\t"))
                        + "'; when " + shown(other) + " separates columns say "
                        + wording.delimiter().formatted(shown(other))
                        + ", when it is one column say " + wording.delimiter().formatted(shown((char) delimiter)));
            }
        }
    }

    private static String shown(char separator) {
        return separator == '\t' ? "tab" : "'" + separator + "'";
    }

    private void name(Consumer<String> notes) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            names.add(text(i));
        }
        Set<String> taken = new HashSet<>(names);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isEmpty()) {
                name = "column" + (i + 1);
                for (int n = 2; taken.contains(name); n++) {
                    name = "column" + (i + 1) + "_" + n;
                }
                taken.add(name);
                notes.accept("column " + (i + 1) + " has no name in the heading and is called '" + name + "'");
            } else if (!seen.add(name)) {
                throw new RecordException("two columns have the heading '" + Cell.shorten(name) + "'; rename one");
            }
            heading.add(name);
        }
    }

    private String text(int i) {
        boolean inQuotes = starts[i] < 0;
        int from = recordStart + (inQuotes ? ~starts[i] : starts[i]);
        return Cell.decode(buffer, from, recordStart + (inQuotes ? ~ends[i] : ends[i]));
    }

    @Override
    public List<String> heading() {
        return heading;
    }

    @Override
    public boolean next() throws IOException {
        do {
            if (!readRecord()) {
                return false;
            }
        } while (heading.size() > 1 && isEmptyLine());
        if (fields != heading.size()) {
            throw new RecordException("it has " + fields + (fields == 1 ? " value" : " values") + ", the heading "
                    + heading.size() + (heading.size() == 1 ? " name: " : " names: ")
                    + Cell.shorten(String.join(", ", heading)));
        }
        for (int i = 0; i < fields; i++) {
            int start = starts[i];
            if (start < 0) {
                cells[i].setField(buffer, recordStart + ~start, recordStart + ~ends[i]);
            } else if (isNull(start, ends[i])) {
                cells[i].setNull();
            } else {
                cells[i].setField(buffer, recordStart + start, recordStart + ends[i]);
            }
        }
        return true;
    }

    private boolean isNull(int start, int stop) {
        if (start == stop) {
            return true;
        }
        for (byte[] text : nulls) {
            if (Arrays.equals(buffer, recordStart + start, recordStart + stop, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isEmptyLine() {
        return fields == 1 && starts[0] == ends[0] && starts[0] >= 0;
    }

    @Override
    public long line() {
        return line;
    }

    @Override
    public int size() {
        return fields;
    }

    @Override
    public String name(int i) {
        return heading.get(i);
    }

    @Override
    public Cell cell(int i) {
        return cells[i];
    }

    /** Finds the fields of the next record; false at the end. */
    private boolean readRecord() throws IOException {
        recordStart = at;
        fields = 0;
        line = lines + 1;
        if (at == end && !more()) {
            return false;
        }
        do {
            if (fields == starts.length) {
                starts = Arrays.copyOf(starts, 2 * fields);
                ends = Arrays.copyOf(ends, 2 * fields);
            }
            if ((at < end || more()) && buffer[at] == '"') {
                quotedField();
            } else {
                plainField();
            }
            fields++;
        } while (separator());
        return true;
    }

    private void plainField() throws IOException {
        starts[fields] = at - recordStart;
        do {
            byte[] bytes = buffer;
            int p = at;
            int stop = end;
            byte separator = delimiter;
            while (p < stop && bytes[p] != separator && bytes[p] != '\n' && bytes[p] != '\r') {
                p++;
            }
            at = p;
        } while (at == end && more());
        ends[fields] = at - recordStart;
    }

    /** Quotes that are doubled are written over within the buffer. */
    private void quotedField() throws IOException {
        long opened = lines + 1;
        at++;
        int start = at - recordStart;
        int written = start;
        while (true) {
            if (at == end && !more()) {
                throw new RecordException("the quote that opens in line " + opened + " is never closed");
            }
            byte b = buffer[at++];
            if (b == '"') {
                if ((at == end && !more()) || buffer[at] != '"') {
                    break;
                }
                at++;
            } else if (b == '\n') {
                lines++;
            }
            buffer[recordStart + written++] = b;
        }
        starts[fields] = ~start;
        ends[fields] = ~written;
        if (at < end && buffer[at] != delimiter && buffer[at] != '\n' && buffer[at] != '\r') {
            throw new RecordException("behind the closing quote in line " + (lines + 1) + " comes more text, '"
                    + Cell.shorten(new String(buffer, at, Math.min(20, end - at), StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse(""))
                    + "'; a quote within quotes is doubled");
        }
    }

    /** Passes what stands behind a field: true for a delimiter, false for a line end or the end. */
    private boolean separator() throws IOException {
        if (at == end && !more()) {
            return false;
        }
        byte b = buffer[at++];
        if (b == delimiter) {
            return true;
        }
        lines++;
        if (b == '\r' && (at < end || more()) && buffer[at] == '\n') {
            at++;
        }
        return false;
    }

    /** Reads more behind the record so far, which is moved to the buffer's beginning; false at the end of the input. */
    private boolean more() throws IOException {
        if (ended) {
            return false;
        }
        if (recordStart > 0) {
            System.arraycopy(buffer, recordStart, buffer, 0, end - recordStart);
            at -= recordStart;
            end -= recordStart;
            recordStart = 0;
        }
        if (end == buffer.length) {
            if (end >= Integer.MAX_VALUE - 8) {
                throw new RecordException("it has more than 2 GiB; is a quote missing?");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8, 2L * end));
        }
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            ended = true;
            return false;
        }
        end += n;
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
