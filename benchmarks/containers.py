"""Lists, dicts, sets and exceptions: the cases of the tables `lists`, `dicts` and `exceptions`, with their C++ versions."""
from cases import Case


def append(n):
    items = []
    for i in range(n):
        items.append(i * 0.5)
    total = 0.0
    for x in items:
        total += x
    return total


def sum_of_tuples(n):
    pairs = []
    for i in range(n):
        pairs.append((i, i * 0.5))
    total = 0.0
    for count, weight in pairs:
        total += count * weight
    return total


def stack(n):
    waiting = [n]
    seen = 0
    while waiting:
        k = waiting.pop()
        seen += k & 7
        if k > 1:
            waiting.append(k // 2)
            waiting.append(k - k // 2)
    return float(seen)


def comprehension(n):
    return float(sum([i * i for i in range(n) if i % 3]))


def sort(n):
    items = []
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        items.append(state / 2147483648)
    items.sort()
    return items[0] + items[n // 2] + items[-1]


def argument_of_floats(items):
    total = 0.0
    for x in items:
        total += x
    return total


def result_of_floats(n):
    return [i * 0.5 for i in range(n)]


def try_that_never_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i < 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


def try_that_always_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i >= 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


LISTS = [
    Case(append, lambda: (10_000,), """
        std::vector<double> items;
        for (long i = 0; i < n; i++) items.push_back(i * 0.5);
        double total = 0; for (double x : items) total += x;
        return total;"""),
    Case(sum_of_tuples, lambda: (10_000,), """
        std::vector<std::pair<long, double>> pairs;
        for (long i = 0; i < n; i++) pairs.emplace_back(i, i * 0.5);
        double total = 0; for (auto& p : pairs) total += p.first * p.second;
        return total;"""),
    Case(stack, lambda: (5_000,), """
        std::vector<long> waiting{n};
        long seen = 0;
        while (!waiting.empty()) {
            long k = waiting.back(); waiting.pop_back();
            seen += k & 7;
            if (k > 1) { waiting.push_back(k / 2); waiting.push_back(k - k / 2); }
        }
        return seen;"""),
    Case(comprehension, lambda: (10_000,), """
        std::vector<long> items;
        for (long i = 0; i < n; i++) if (i % 3) items.push_back(i * i);
        long total = 0; for (long x : items) total += x;
        return total;"""),
    Case(sort, lambda: (10_000,), """
        std::vector<double> items;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            items.push_back(state / 2147483648.0);
        }
        std::stable_sort(items.begin(), items.end());
        return items[0] + items[n / 2] + items[n - 1];"""),
    Case(argument_of_floats, lambda: ([i * 0.5 for i in range(1000)],)),
    Case(result_of_floats, lambda: (1000,)),
]

EXCEPTIONS = [
    Case(try_that_never_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i < 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
    Case(try_that_always_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i >= 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
]


def count(n):
    seen = {}
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        key = state >> 18
        seen[key] = seen.get(key, 0) + 1
    most = 0
    for times in seen.values():
        most = max(most, times)
    return float(most * 100_000 + len(seen))


def count_in_place(n):
    seen = {0: 0}
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        key = state >> 18
        if key in seen:
            seen[key] += 1
        else:
            seen[key] = 1
    return float(len(seen))


def memo(n):
    steps = {1: 0}
    longest = 0
    for start in range(1, n):
        k = start
        walked = 0
        while k not in steps:
            k = k // 2 if k % 2 == 0 else 3 * k + 1
            walked += 1
        found = steps[k] + walked
        steps[start] = found
        longest = max(longest, found)
    return float(longest)


def tuple_keys(n):
    seen = {(0, 0): 1}
    x = y = 0
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        turn = state >> 29
        if turn == 0:
            x += 1
        elif turn == 1:
            x -= 1
        elif turn == 2:
            y += 1
        else:
            y -= 1
        seen[(x, y)] = seen.get((x, y), 0) + 1
    return float(len(seen))


def set_add(n):
    seen = set()
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        seen.add(state)
    return float(len(seen))


#: A good table of C++: entries beside their keys, linear probing, at most 7/8 full, a multiplicative hash.
TABLE = """
struct Pair { long x, y; bool operator==(const Pair& o) const { return x == o.x && y == o.y; } };
static inline size_t mixed(long k) {
    unsigned __int128 m = (unsigned __int128)(unsigned long)k * 0x9E3779B97F4A7C15ull;
    return size_t(m) ^ size_t(m >> 64);
}
static inline size_t mixed(const Pair& p) { return mixed(long(mixed(p.x)) + p.y); }
template <class K, class V> struct Flat {
    struct Entry { K key; V value; };
    std::vector<Entry> entries; std::vector<unsigned char> taken; size_t mask, used = 0;
    Flat() : entries(16), taken(16), mask(15) {}
    Entry* find(const K& key) {
        for (size_t i = mixed(key) & mask;; i = (i + 1) & mask) {
            if (!taken[i]) return nullptr;
            if (entries[i].key == key) return &entries[i];
        }
    }
    V& at(const K& key) {
        for (size_t i = mixed(key) & mask;; i = (i + 1) & mask) {
            if (!taken[i]) {
                if ((used + 1) * 8 > (mask + 1) * 7) { grow(); return at(key); }
                taken[i] = 1; used++; entries[i] = {key, V()};
                return entries[i].value;
            }
            if (entries[i].key == key) return entries[i].value;
        }
    }
    void grow() {
        Flat next; next.mask = mask * 2 + 1; next.entries.resize(next.mask + 1); next.taken.assign(next.mask + 1, 0);
        for (size_t i = 0; i <= mask; i++) if (taken[i]) next.at(entries[i].key) = entries[i].value;
        *this = std::move(next);
    }
};
struct Nothing {};
"""

DICTS = [
    Case(count, lambda: (100_000,), """
        Flat<long, long> seen;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            seen.at(state >> 18)++;
        }
        long most = 0;
        for (size_t i = 0; i <= seen.mask; i++) if (seen.taken[i]) most = std::max(most, seen.entries[i].value);
        return most * 100000 + long(seen.used);""", head=TABLE),
    Case(count_in_place, lambda: (100_000,), """
        Flat<long, long> seen;
        seen.at(0) = 0;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            seen.at(state >> 18)++;
        }
        return seen.used;""", head=TABLE),
    Case(memo, lambda: (50_000,), """
        Flat<long, long> steps;
        steps.at(1) = 0;
        long longest = 0;
        for (long start = 1; start < n; start++) {
            long k = start, walked = 0;
            Flat<long, long>::Entry* met;
            while (!(met = steps.find(k))) { k = k % 2 == 0 ? k / 2 : 3 * k + 1; walked++; }
            long found = met->value + walked;
            steps.at(start) = found;
            longest = std::max(longest, found);
        }
        return longest;""", head=TABLE),
    Case(tuple_keys, lambda: (100_000,), """
        Flat<Pair, long> seen;
        seen.at({0, 0}) = 1;
        long x = 0, y = 0, state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            long turn = state >> 29;
            if (turn == 0) x++; else if (turn == 1) x--; else if (turn == 2) y++; else y--;
            seen.at({x, y})++;
        }
        return seen.used;""", head=TABLE),
    Case(set_add, lambda: (100_000,), """
        Flat<long, Nothing> seen;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            seen.at(state);
        }
        return seen.used;""", head=TABLE),
]
