package io.kohakuvault.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Locale;

/** A model that knows nothing of meaning: letter groups, hashed. The same for ever, and quick. */
final class HashedWords implements EmbeddingModel {
    static final int DIMENSION = 64;

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(
                segments.stream().map(segment -> of(segment.text())).toList());
    }

    static Embedding of(String text) {
        String padded = "  " + text.toLowerCase(Locale.ROOT) + " ";
        float[] numbers = new float[DIMENSION];
        for (int i = 0; i + 3 <= padded.length(); i++) {
            int hash = padded.substring(i, i + 3).hashCode() * 0x9E3779B1;
            numbers[(hash >>> 8) % DIMENSION] += hash < 0 ? -1 : 1;
        }
        numbers[0] += 0.25f; // so that every text has a direction
        Embedding embedding = Embedding.from(numbers);
        embedding.normalize();
        return embedding;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }
}
