package io.kohakuvault;

import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import java.util.ArrayList;
import java.util.List;

/** All ids of small tables as a list. */
final class Ids {
    private Ids() {}

    static List<Long> of(TextReader documents) {
        return list(documents.ids());
    }

    static List<Long> of(VectorReader vectors) {
        return list(vectors.ids());
    }

    private static List<Long> list(Iterable<Long> ids) {
        List<Long> all = new ArrayList<>();
        ids.forEach(all::add);
        return all;
    }
}
