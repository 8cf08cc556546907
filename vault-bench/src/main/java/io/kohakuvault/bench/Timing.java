package io.kohakuvault.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Repeats a measurement and keeps its times. */
final class Timing {
    private final String name;
    private final double[] rounds;
    private final double[] millis;

    private Timing(String name, double[] rounds) {
        this.name = name;
        this.rounds = rounds;
        this.millis = rounds.clone();
        Arrays.sort(millis);
    }

    /** Runs in turn, round by round, so that a change of the machine's speed meets all alike. */
    @SafeVarargs
    static Timing[] inTurn(int rounds, String[] names, Callable<Long>... runs) throws Exception {
        double[][] millis = new double[runs.length][rounds];
        long check = runs[0].call();
        for (int round = -2; round < rounds; round++) {
            for (int i = 0; i < runs.length; i++) {
                long start = System.nanoTime();
                if (runs[i].call() != check) {
                    throw new IllegalStateException(names[i] + " computes something else");
                }
                if (round >= 0) {
                    millis[i][round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Timing[] timings = new Timing[runs.length];
        for (int i = 0; i < runs.length; i++) {
            timings[i] = new Timing(names[i], millis[i]);
        }
        return timings;
    }

    double best() {
        return millis[0];
    }

    double median() {
        return millis[millis.length / 2];
    }

    /** How many times as fast as another this was: the median over the rounds in which both took their turn. */
    double timesAsFastAs(Timing other) {
        return medianRatio(other.rounds, rounds);
    }

    /** The median of what two have in each round, the one divided by the other. */
    static double medianRatio(double[] dividends, double[] divisors) {
        double[] ratios = new double[dividends.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = dividends[i] / divisors[i];
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    String against(Timing other) {
        return String.format(
                Locale.ROOT,
                "%-42s best %7.2f ms  median %7.2f ms  %5.2f of %s",
                name,
                best(),
                median(),
                median() / other.median(),
                other.name);
    }
}
