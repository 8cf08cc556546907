package io.kohakuvault.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.types.StructType;

/** How far each file of a stream has been read. Immutable; Spark keeps it in the checkpoint as JSON. */
final class StreamOffset extends Offset {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file.
     *
     * @param from where the batch began that read of it last
     * @param rows how many of its rows were read with that batch
     * @param identity which file it was
     * @param fingerprint of the first rows and of the last that were read
     */
    record Position(long from, long rows, String identity, String fingerprint) {
        /** By which a task tells that the rows are those that the batch was made of. */
        SeenTable seen(String path, StructType schema) {
            ArrayList<String> columns = new ArrayList<>(Arrays.asList(schema.fieldNames()));
            return new SeenTable(path, identity, rows, null, columns, fingerprint, 0);
        }
    }

    private final Map<String, Position> files;

    StreamOffset(Map<String, Position> files) {
        this.files = new TreeMap<>(files);
    }

    Map<String, Position> files() {
        return new TreeMap<>(files);
    }

    @Override
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        files.forEach((path, position) -> json.putObject(path)
                .put("from", position.from())
                .put("rows", position.rows())
                .put("identity", position.identity())
                .put("fingerprint", position.fingerprint()));
        return json.toString();
    }

    static StreamOffset parse(String text) {
        Map<String, Position> files = new TreeMap<>();
        try {
            JsonNode json = JSON.readTree(text);
            json.fieldNames().forEachRemaining(path -> {
                JsonNode position = json.get(path);
                files.put(
                        path,
                        new Position(
                                position.get("from").asLong(),
                                position.get("rows").asLong(),
                                position.get("identity").asText(),
                                position.get("fingerprint").asText()));
            });
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the checkpoint has an offset that is none of this source: " + text, e);
        }
        return new StreamOffset(files);
    }
}
