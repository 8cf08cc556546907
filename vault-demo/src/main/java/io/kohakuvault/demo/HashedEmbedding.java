package io.kohakuvault.demo;

import java.util.Locale;
import java.util.Set;

/**
 * A vector of a text by signed feature hashing of its words and their character n-grams, L2-normalised (Weinberger et
 * al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009). Texts with like words are near each other,
 * whatever the words' order and endings. It has learned nothing: it knows no synonyms. A model's embeddings go into the
 * same field.
 */
final class HashedEmbedding {
    static final int DIMENSIONS = 384;
    private static final double NGRAM_WEIGHT = 0.25;
    private static final Set<String> EMPTY_WORDS = Set.of(
            ("a an and are as at be by can for from has have if in is it its may not of on or that their then there this to was when "
                            + "which will with param return returns throws see link code value method class given specified the")
                    .split(" "));

    private HashedEmbedding() {}

    static float[] of(String text) {
        double[] sums = new double[DIMENSIONS];
        String spaced = text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        for (String word : spaced.split("[^\\p{L}\\p{N}]+", -1)) {
            if (word.length() < 2 || EMPTY_WORDS.contains(word)) {
                continue;
            }
            add(sums, word, 1);
            String framed = "<" + word + ">";
            for (int n = 3; n <= 4; n++) {
                for (int i = 0; i + n <= framed.length(); i++) {
                    add(sums, framed.substring(i, i + n), NGRAM_WEIGHT);
                }
            }
        }
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            // Damps words that a text repeats.
            sums[i] = Math.signum(sums[i]) * Math.log1p(Math.abs(sums[i]));
            squares += sums[i] * sums[i];
        }
        float[] vector = new float[DIMENSIONS];
        if (squares == 0) {
            vector[0] = 1; // no word at all: some direction, for cosine needs one
            return vector;
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (sums[i] / Math.sqrt(squares));
        }
        return vector;
    }

    private static void add(double[] sums, String feature, double weight) {
        long hash = 0xCBF29CE484222325L; // FNV-1a, then a mix, for FNV's low bits alone are poor
        for (int i = 0; i < feature.length(); i++) {
            hash = (hash ^ feature.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 31)) * 0x94D049BB133111EBL;
        hash ^= hash >>> 29;
        sums[(int) Long.remainderUnsigned(hash >>> 1, DIMENSIONS)] += (hash & 1) == 0 ? weight : -weight;
    }
}
