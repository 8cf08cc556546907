package io.kohakuvault.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A documented type or member of a library. */
record ApiDoc(
        String library,
        String packageName,
        String type,
        @Nullable String member,
        String kind,
        int line,
        boolean deprecated,
        @Nullable String since,
        String comment,
        String source) {

    /** {@code library/type#member(parameters)}. */
    String key() {
        return library + "/" + type + (member == null ? "" : "#" + member);
    }

    int words() {
        return comment.split("\\s+", -1).length;
    }

    /** The record's value; absent fields are left out. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("library", library);
        json.put("package", packageName);
        json.put("type", type);
        if (member != null) {
            json.put("member", member);
        }
        json.put("kind", kind);
        json.put("line", line);
        json.put("words", words());
        json.put("deprecated", deprecated);
        if (since != null) {
            json.put("since", since);
        }
        json.put("comment", comment);
        json.put("source", source);
        float[] vector = HashedEmbedding.of(comment + " " + type + " " + (member == null ? "" : member));
        double[] rounded = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            rounded[i] = Math.rint(vector[i] * 1e5) / 1e5;
        }
        json.put("embedding", rounded);
        return json;
    }
}
