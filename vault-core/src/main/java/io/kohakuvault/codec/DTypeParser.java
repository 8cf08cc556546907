package io.kohakuvault.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads dtype strings with what KohakuVault takes: its Python parser is a little more generous than the documented
 * grammar.
 */
final class DTypeParser {
    private DTypeParser() {}

    static void checkSize(int sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > DType.MAX_ELEMENT_BYTES) {
            throw new IllegalArgumentException(
                    "the size of an element must be from 0 to 512 MiB, but was " + sizeBytes);
        }
    }

    static DType parse(String token) {
        var scalar = ElementType.ofToken(token);
        if (scalar.isPresent()) {
            ElementType type = scalar.get();
            if (type == ElementType.BOOL) {
                return DType.BOOL;
            }
            return type.isFloating() ? new DType.FloatingType(type) : new DType.IntegerType(type);
        }
        List<String> parts = Arrays.asList(token.split(":", -1));
        List<String> rest = parts.subList(1, parts.size());
        return switch (parts.get(0)) {
            case "vec", "vector" -> vector(token, rest);
            case "str", "string" -> string(token, rest);
            case "bytes" -> new DType.BytesType(optionalSize(token, rest));
            case "msgpack", "messagepack" ->
                new DType.PackedType(DType.PackedType.Format.MSGPACK, optionalSize(token, rest));
            case "cbor" -> new DType.PackedType(DType.PackedType.Format.CBOR, optionalSize(token, rest));
            default -> throw unknown(token);
        };
    }

    private static DType vector(String token, List<String> rest) {
        if (rest.isEmpty()) {
            throw unknown(token);
        }
        String name = rest.get(0);
        // Vectors of any shape also take numpy's names.
        String shortName = rest.size() > 1
                ? name
                : switch (name) {
                    case "float32" -> "f32";
                    case "float64" -> "f64";
                    case "int8" -> "i8";
                    case "int16" -> "i16";
                    case "int32" -> "i32";
                    case "int64" -> "i64";
                    case "uint8" -> "u8";
                    case "uint16" -> "u16";
                    case "uint32" -> "u32";
                    case "uint64" -> "u64";
                    default -> name;
                };
        ElementType element = ElementType.ofToken(shortName).orElseThrow(() -> unknown(token));
        List<Integer> shape = new ArrayList<>();
        for (String dimension : rest.subList(1, rest.size())) {
            shape.add(number(token, dimension.strip().replace("_", "")));
        }
        return new DType.VectorType(element, shape);
    }

    private static DType string(String token, List<String> rest) {
        if (rest.isEmpty()) {
            return DType.STR;
        }
        boolean sized = !rest.get(0).isEmpty() && rest.get(0).chars().allMatch(c -> c >= '0' && c <= '9');
        int size = sized ? number(token, rest.get(0)) : 0;
        List<String> encoding = sized ? rest.subList(1, rest.size()) : rest;
        if (encoding.size() > 1) {
            throw unknown(token);
        }
        return new DType.StringType(
                size, encoding.isEmpty() ? TextEncoding.UTF8 : TextEncoding.ofToken(encoding.get(0)), token);
    }

    private static int optionalSize(String token, List<String> rest) {
        return rest.isEmpty() ? 0 : number(token, rest.get(0));
    }

    private static int number(String token, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("dtype '" + token + "': '" + digits + "' is not a number", e);
        }
    }

    private static IllegalArgumentException unknown(String token) {
        return new IllegalArgumentException(
                "unknown dtype '" + token + "'; known are bool, i8 to u64, f16, f32, f64, str, bytes,"
                        + " msgpack, cbor and vec:T, for example str:16 or vec:f32:384");
    }
}
