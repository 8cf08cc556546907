package io.kohakuvault.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON text. Bytes are text in base64, dates milliseconds, decimals text; numbers that JSON does not have are
 * the texts {@code NaN}, {@code Infinity} and {@code -Infinity}.
 */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /**
     * The text of a value that a converter has delivered.
     *
     * @throws UnfitException when it holds what cannot be stored
     */
    static String of(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, Plain.value(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter throws none
        }
        return Plain.text(text.toString());
    }

    private static void write(JsonGenerator json, @Nullable Object plain) throws IOException {
        if (plain == null) {
            json.writeNull();
        } else if (plain instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (plain instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (plain instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (plain instanceof Double number) {
            json.writeNumber(number);
        } else if (plain instanceof Float number) {
            json.writeNumber(number);
        } else if (plain instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (plain instanceof byte[] bytes) {
            json.writeString(Base64.getEncoder().encodeToString(bytes));
        } else {
            json.writeString(plain.toString());
        }
    }
}
