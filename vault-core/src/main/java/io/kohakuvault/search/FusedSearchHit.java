package io.kohakuvault.search;

import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.VectorHit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the public type stands for, as it was read. */
record FusedSearchHit(
        double score,
        OptionalInt textRank,
        OptionalInt vectorRank,
        Optional<TextHit> text,
        Optional<VectorHit> vector,
        List<String> texts)
        implements HybridHit {
    @Override
    public Optional<Object> value() {
        return text.isPresent() ? text.get().value() : vector.flatMap(VectorHit::value);
    }
}
