package io.kohakuvault;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values in one notation: those that were read, and those that the golden manifests describe. */
final class Tagged {
    private static final HexFormat HEX = HexFormat.of();

    /** The manifests give longer ones as their SHA-256. */
    private static final int LONG = 1024;

    private Tagged() {}

    private static String text(String s) {
        byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
        return utf8.length > LONG ? sha(utf8) : s;
    }

    private static String sha(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof Long || value instanceof BigInteger) {
            return "int " + value;
        } else if (value instanceof Double d) {
            return "float " + HEX.toHexDigits(Double.doubleToRawLongBits(d));
        } else if (value instanceof Boolean) {
            return "bool " + value;
        } else if (value instanceof String s) {
            return "str " + text(s);
        } else if (value instanceof byte[] b) {
            return "bytes " + (b.length > LONG ? sha(b) : HEX.formatHex(b));
        } else if (value instanceof Instant i) {
            return "timestamp " + i.getEpochSecond();
        } else if (value instanceof OpaqueValue o) {
            return o.encoding();
        } else if (value instanceof NumericArray a) {
            byte[] data = new byte[a.data().remaining()];
            a.data().get(data);
            return "array " + a.element().token() + a.shape() + HEX.formatHex(data);
        } else if (value instanceof List<?> list) {
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(of(item)));
            return items.toString();
        }
        Map<String, String> sorted = new TreeMap<>();
        ((Map<?, ?>) value).forEach((k, v) -> sorted.put(String.valueOf(k), of(v)));
        return sorted.toString();
    }

    /** What plain JSON says, as the manifests of columns write MessagePack and CBOR. */
    static String ofPlain(JsonNode node) {
        if (node.isNull()) {
            return "null";
        } else if (node.isIntegralNumber()) {
            return "int " + node.bigIntegerValue();
        } else if (node.isNumber()) {
            return of(node.doubleValue());
        } else if (node.isBoolean()) {
            return of(node.booleanValue());
        } else if (node.isTextual()) {
            return of(node.asText());
        } else if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(ofPlain(item)));
            return items.toString();
        }
        Map<String, String> sorted = new TreeMap<>();
        node.properties().forEach(e -> sorted.put(e.getKey(), ofPlain(e.getValue())));
        return sorted.toString();
    }

    static String of(JsonNode tag) {
        return switch (tag.get("t").asText()) {
            case "null" -> "null";
            case "int" -> "int " + tag.get("v").asText();
            case "float" -> "float " + tag.get("bits").asText();
            case "bool" -> "bool " + tag.get("v").asText();
            case "str" ->
                "str "
                        + (tag.has("sha256")
                                ? tag.get("sha256").asText()
                                : text(tag.get("v").asText()));
            case "bytes" -> {
                byte[] bytes = tag.has("hex") ? HEX.parseHex(tag.get("hex").asText()) : new byte[0];
                yield "bytes "
                        + (tag.has("sha256")
                                ? tag.get("sha256").asText()
                                : bytes.length > LONG ? sha(bytes) : HEX.formatHex(bytes));
            }
            case "timestamp" -> "timestamp " + tag.get("seconds").asText();
            case "array" -> {
                List<String> shape = new ArrayList<>();
                tag.get("shape").forEach(d -> shape.add(d.asText()));
                yield "array " + tag.get("dtype").asText() + shape
                        + tag.get("hex").asText();
            }
            case "list" -> {
                List<String> items = new ArrayList<>();
                tag.get("v").forEach(item -> items.add(of(item)));
                yield items.toString();
            }
            case "map" -> {
                Map<String, String> sorted = new TreeMap<>();
                tag.get("v").forEach(pair -> sorted.put(pair.get(0).asText(), of(pair.get(1))));
                yield sorted.toString();
            }
            case "error" -> "error";
            default -> tag.get("t").asText();
        };
    }
}
