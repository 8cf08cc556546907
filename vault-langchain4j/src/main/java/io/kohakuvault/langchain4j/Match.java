package io.kohakuvault.langchain4j;

import dev.langchain4j.store.embedding.RelevanceScore;
import io.kohakuvault.vector.VectorHit;
import java.util.Optional;

/** A segment that a search found, with its vector. */
record Match(StoredSegment stored, VectorHit hit) {
    /** Empty for a vector that is not of a segment. */
    static Optional<Match> of(VectorHit hit) {
        return StoredSegment.of(hit.value()).map(stored -> new Match(stored, hit));
    }

    String id() {
        return stored.id();
    }

    /** From 0 to 1: distances of nearly the same vectors may be a little below 0. */
    double score() {
        return Math.min(1, Math.max(0, RelevanceScore.fromCosineSimilarity(1 - hit.distance())));
    }
}
