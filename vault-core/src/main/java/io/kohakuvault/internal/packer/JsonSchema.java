package io.kohakuvault.internal.packer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.InvalidSchemaException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a JSON schema allows. Whoever names this class needs the library that checks, which may be missing. */
final class JsonSchema {
    /** Where many rules are violated, the first ones say enough. */
    private static final int MOST_VIOLATIONS = 5;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Schema schema;

    JsonSchema(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            // One for each schema: a registry keeps what it has seen.
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaLoader(
                                    loader -> loader.allow(JsonSchema::isDraft).fetchRemoteResources(false))
                            .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                    .locale(Locale.ENGLISH)
                                    .build()));
            checkViolations(
                    "the text is no JSON schema: ",
                    registry.getSchema(SchemaLocation.of(draft(node).getDialectId()))
                            .validate(node));
            schema = registry.getSchema(node);
            schema.initializeValidators(); // finds what $ref leads to
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the text of a JSON schema is no JSON: " + e.getOriginalMessage(), e);
        } catch (SchemaException e) {
            throw unusable(e);
        } catch (StackOverflowError e) {
            throw tooDeep("a JSON schema", e);
        }
    }

    private static IllegalArgumentException tooDeep(String what, StackOverflowError e) {
        return new IllegalArgumentException(
                what + " leads to itself without end ($ref), or is nested too deeply for the thread's stack", e);
    }

    private static SpecificationVersion draft(JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new IllegalArgumentException("a JSON schema is an object, true or false");
        } else if (!schema.has("$schema")) {
            return SpecificationVersion.DRAFT_2020_12;
        }
        String named = withoutHash(schema.get("$schema").asText());
        for (SpecificationVersion draft : SpecificationVersion.values()) {
            if (withoutHash(draft.getDialectId()).equals(named)) {
                return draft;
            }
        }
        throw new IllegalArgumentException("the JSON schema names " + schema.get("$schema")
                + " as its $schema; known are drafts 4, 6, 7, 2019-09 and 2020-12 of json-schema.org");
    }

    private static String withoutHash(String address) {
        return address.endsWith("#") ? address.substring(0, address.length() - 1) : address;
    }

    private static IllegalArgumentException unusable(SchemaException e) {
        String advice = e instanceof InvalidSchemaException
                ? " A schema is whole in itself, but for the drafts of json-schema.org: copy into it what it refers to"
                : "";
        return new IllegalArgumentException("the JSON schema cannot be used: " + e.getMessage() + advice, e);
    }

    /** The drafts are in the library's jar. All else that a schema can name would be fetched. */
    private static boolean isDraft(AbsoluteIri iri) {
        String address = iri.toString();
        boolean ofDrafts = address.startsWith("https://json-schema.org/draft/")
                || address.startsWith("http://json-schema.org/draft-");
        return ofDrafts && !address.contains(".."); // it becomes a path within the class path
    }

    /** Refuses a value that violates it; the value is of the classes that MessagePack and CBOR are read as. */
    void check(@Nullable Object value) {
        List<Error> violations;
        try {
            violations = schema.validate(node(value, null));
        } catch (SchemaException e) { // $dynamicRef is followed only now
            throw unusable(e);
        } catch (StackOverflowError e) {
            throw tooDeep("the JSON schema, or the value,", e);
        }
        checkViolations("the value violates its JSON schema: ", violations);
    }

    private static void checkViolations(String what, List<Error> violations) {
        if (violations.isEmpty()) {
            return;
        }
        Set<String> distinct = new LinkedHashSet<>();
        for (Error violation : violations) {
            distinct.add(named(violation.getInstanceLocation().toString()) + ": " + violation.getMessage() + " ("
                    + violation.getKeyword() + ")");
        }
        List<String> first = distinct.stream().limit(MOST_VIOLATIONS).toList();
        int more = distinct.size() - first.size();
        throw new IllegalArgumentException(
                what + String.join("; ", first) + (more == 0 ? "" : "; and " + more + " more"));
    }

    /** Where a value is inside of the whole one, put into words only when something is wrong there. */
    private record Place(@Nullable Place outer, Object step) {
        static String path(@Nullable Place place) {
            return place == null
                    ? ""
                    : path(place.outer) + "/"
                            + place.step.toString().replace("~", "~0").replace("/", "~1");
        }
    }

    private static JsonNode node(@Nullable Object value, @Nullable Place place) {
        if (value == null) {
            return NullNode.getInstance();
        } else if (value instanceof String text) {
            return TextNode.valueOf(text);
        } else if (value instanceof Boolean truth) {
            return BooleanNode.valueOf(truth);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw foreign(place, value.toString());
            }
            return DoubleNode.valueOf(number);
        } else if (value instanceof BigInteger big) {
            return BigIntegerNode.valueOf(big);
        } else if (value instanceof BigDecimal decimal) {
            return DecimalNode.valueOf(decimal);
        } else if (value instanceof Number integer) {
            return LongNode.valueOf(integer.longValue());
        } else if (value instanceof List<?> list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(list.size());
            for (Object item : list) {
                array.add(node(item, new Place(place, array.size())));
            }
            return array;
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String key)) {
                    throw foreign(place, "a key that is no text");
                }
                object.set(key, node(entry.getValue(), new Place(place, key)));
            }
            return object;
        }
        throw foreign(place, "a " + value.getClass().getSimpleName());
    }

    private static IllegalArgumentException foreign(@Nullable Place place, String what) {
        return new IllegalArgumentException("the value violates its JSON schema: " + named(Place.path(place)) + ": "
                + what + " is nothing that JSON has");
    }

    private static String named(String path) {
        return path.isEmpty() ? "the value itself" : path;
    }
}
