package org.resnet4j.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A weighted sum of vectors, as a Java expression. The order of its operations is part of the results.
 *
 * <p>If all coefficients are 1 or -1, it is a chain of additions and subtractions from left to right that starts with
 * the first positive term. Otherwise, it is a chain of fused multiply-adds around the term with coefficient 1, or
 * without such a term, around the product of the last one.
 */
final class Terms {
    private record Term(Coefficient coefficient, String operand) {}

    private final List<Term> terms = new ArrayList<>();

    /** Returns the sum of the operands of a matrix's row. */
    static Terms of(List<Coefficient> row, IntFunction<String> operand) {
        var sum = new Terms();
        for (int column = 0; column < row.size(); column++) {
            if (!row.get(column).isZero()) {
                sum.add(row.get(column), operand.apply(column));
            }
        }
        return sum;
    }

    Terms add(Coefficient coefficient, String operand) {
        terms.add(new Term(coefficient, operand));
        return this;
    }

    /** Returns true if the sum is one operand. */
    boolean isOperand() {
        return terms.size() == 1 && terms.getFirst().coefficient().equals(Coefficient.ONE);
    }

    /** Returns the expression. */
    String expression() {
        return expression("");
    }

    /** Returns the expression of the sum plus a vector, which is added to the innermost term. */
    String expressionWith(String addend) {
        return expression(addend);
    }

    private String expression(String addend) {
        return terms.stream().allMatch(term -> term.coefficient().isUnit()) ? additions(addend) : multiplyAdds(addend);
    }

    private String additions(String addend) {
        var ordered = new ArrayList<>(terms);
        Term first = ordered.stream()
                .filter(term -> term.coefficient().sign() > 0)
                .findFirst()
                .orElseThrow();
        ordered.remove(first);
        if (ordered.isEmpty()) {
            return plus(first.operand(), addend);
        }
        var text = new StringBuilder(first.operand());
        for (Term term : ordered) {
            String method = term.coefficient().sign() > 0 ? "add" : "sub";
            boolean last = term == ordered.getLast();
            String operand =
                    last && !addend.isEmpty() ? term.operand() + "." + method + "(" + addend + ")" : term.operand();
            text.append('.').append(method).append('(').append(operand).append(')');
        }
        return text.toString();
    }

    private String multiplyAdds(String addend) {
        var multiplied = new ArrayList<>(terms);
        multiplied.removeIf(term -> term.coefficient().equals(Coefficient.ONE));
        String inner = terms.stream()
                .filter(term -> term.coefficient().equals(Coefficient.ONE))
                .map(term -> plus(term.operand(), addend))
                .findFirst()
                .orElse(addend);
        if (inner.isEmpty()) {
            Term last = multiplied.removeLast();
            inner = last.operand() + ".mul(" + last.coefficient().variable() + ")";
        }
        for (Term term : multiplied.reversed()) {
            inner = term.operand() + ".fma(" + term.coefficient().variable() + ", " + inner + ")";
        }
        return inner;
    }

    private static String plus(String operand, String addend) {
        return addend.isEmpty() ? operand : operand + ".add(" + addend + ")";
    }
}
