package io.kohakuvault.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Documents, vectors and what is asked of them, the same as {@code datagen.py}'s. */
final class SearchData {
    static final int DIMENSIONS = 384;

    private static final int WORDS = 20_000;
    private static final String[] VOCABULARY = new String[WORDS];
    private static final long[] CUMULATIVE = new long[WORDS];

    static {
        long sum = 0;
        for (int rank = 0; rank < WORDS; rank++) {
            VOCABULARY[rank] = word(rank);
            sum += (1L << 32) / (rank + 1);
            CUMULATIVE[rank] = sum;
        }
    }

    private SearchData() {}

    private static String word(int rank) {
        StringBuilder word = new StringBuilder();
        int length = 1 + (int) PeerData.below(30, rank, 6);
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + PeerData.below(31, 6L * rank + i, 26)));
        }
        for (int power = 17_576; power > 0; power /= 26) {
            word.append((char) ('a' + rank / power % 26));
        }
        return word.toString();
    }

    /** 60 words, the frequent ones often. */
    static String document(int number) {
        String[] words = new String[60];
        for (int i = 0; i < words.length; i++) {
            long drawn = PeerData.below(32, 60L * number + i, CUMULATIVE[WORDS - 1]);
            int at = Arrays.binarySearch(CUMULATIVE, drawn); // the first rank whose sum is greater
            words[i] = VOCABULARY[at >= 0 ? at + 1 : -at - 1];
        }
        return String.join(" ", words);
    }

    /** Two different words. */
    static String query(int number) {
        int first = 20 + (int) PeerData.below(33, 2L * number, 480);
        int second = 20 + (int) PeerData.below(33, 2L * number + 1, 480);
        return VOCABULARY[first] + " " + VOCABULARY[second == first ? first + 1 : second];
    }

    private static float unit(long seed, long i) {
        return (float) ((PeerData.out(seed, i) >>> 40) * 0x1.0p-23 - 1.0);
    }

    private static float[] vector(int number, long noise, long cluster) {
        float[] vector = new float[DIMENSIONS];
        long centre = PeerData.below(cluster, number, 1000);
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = unit(41, centre * DIMENSIONS + i) + 0.5f * unit(noise, (long) number * DIMENSIONS + i);
        }
        return vector;
    }

    static float[] vector(int number) {
        return vector(number, 40, 42);
    }

    static float[] wanted(int number) {
        return vector(number, 43, 44);
    }

    static byte[] number(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] key(int number) {
        return String.format(Locale.ROOT, "doc:%06d", number).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] metadata(int number, String document) {
        return String.format(
                        Locale.ROOT,
                        "{\"id\":%d,\"source\":\"s%02d\",\"len\":%d}",
                        number,
                        number % 16,
                        document.length())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
