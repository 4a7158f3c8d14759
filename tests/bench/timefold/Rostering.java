import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintCollectors;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.score.stream.uni.UniConstraintStream;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weekly roster as a Timefold model, for the benchmark only. The file it reads is written by timefold.py and lists
 * what is permitted, so that every rule over a single choice is kept by the value ranges; the others are constraints.
 * Minus a constant, the score is the cost of SCHEDULING.md: hard rules, then safety, programme, quality.
 */
public class Rostering {
    record Person(int id, boolean adult, int most, int preferred) {}
    record Segment(int id, int weekday, int start, int end) {}
    record Slot(int id, Segment segment, int start, int end) {}
    record ClassRun(int id, int site, int need, int minAdults, int[] minimums) {}
    record Course(int id, int domain) {}
    record Option(Course course, Person person, int room, int dislike) {}

    // Streams of different entities are joined into one of these, so that equal ones can be counted once.
    record Engaged(Person person, Segment segment) {}
    record Visit(Person person, int weekday, int site) {}
    record At(Person person, int site) {}
    record With(Person person, ClassRun run) {}

    static int[][] km, minutes;
    static boolean[][] unwished;
    static int perWeek;
    static int wInterest, wTravel, wContinuity, wLead, wOverload, wWish, wIdle;

    @PlanningEntity
    public static class Seat {
        @PlanningId public int id;
        public ClassRun run;
        public Segment segment;
        public boolean lead;
        @ValueRangeProvider public List<Person> people;
        @PlanningVariable(allowsUnassigned = true) public Person person;

        public Seat() {}

        public ClassRun getRun() { return run; }
        public Segment getSegment() { return segment; }
        public Person getPerson() { return person; }
        public int getWeekday() { return segment.weekday(); }
    }

    @PlanningEntity
    public static class Lesson {
        @PlanningId public int id;
        public ClassRun run;
        public Slot slot;
        @ValueRangeProvider public List<Option> options;
        @PlanningVariable(allowsUnassigned = true) public Option option;

        public Lesson() {}

        public ClassRun getRun() { return run; }
        public Slot getSlot() { return slot; }
        public Option getOption() { return option; }
        public Person getPerson() { return option == null ? null : option.person(); }
        public Segment getSegment() { return slot.segment(); }
        public int getWeekday() { return slot.segment().weekday(); }
        public int getRoom() { return option == null ? -1 : option.room(); }
    }

    @PlanningSolution
    public static class Week {
        @PlanningEntityCollectionProperty public List<Seat> seats = new ArrayList<>();
        @PlanningEntityCollectionProperty public List<Lesson> lessons = new ArrayList<>();
        @PlanningScore(bendableHardLevelsSize = 1, bendableSoftLevelsSize = 3) public BendableLongScore score;

        public Week() {}
    }

    static BendableLongScore hard() { return BendableLongScore.ofHard(1, 3, 0, 1); }
    static BendableLongScore safety() { return BendableLongScore.ofSoft(1, 3, 0, 1); }
    static BendableLongScore programme() { return BendableLongScore.ofSoft(1, 3, 1, 1); }
    static BendableLongScore quality(long weight) { return BendableLongScore.ofSoft(1, 3, 2, weight); }

    static boolean tooClose(int siteA, int startA, int endA, int siteB, int startB, int endB) {
        return siteA != siteB && Math.max(startA, startB) - Math.min(endA, endB) < minutes[siteA][siteB];
    }

    public static class Rules implements ConstraintProvider {
        @Override
        public Constraint[] defineConstraints(ConstraintFactory f) {
            return new Constraint[] {
                f.forEachUniquePair(Seat.class, Joiners.equal(Seat::getPerson), Joiners.equal(Seat::getSegment))
                    .penalize(hard()).asConstraint("one place: duties"),
                f.forEach(Lesson.class)
                    .join(Seat.class, Joiners.equal(Lesson::getPerson, Seat::getPerson),
                          Joiners.equal(Lesson::getSegment, Seat::getSegment))
                    .filter((x, d) -> x.run != d.run).penalize(hard()).asConstraint("one place: duty and lesson"),
                f.forEachUniquePair(Lesson.class, Joiners.equal(Lesson::getPerson), Joiners.equal(Lesson::getSlot))
                    .penalize(hard()).asConstraint("one place: lessons"),
                f.forEachUniquePair(Seat.class, Joiners.equal(Seat::getPerson), Joiners.equal(Seat::getWeekday))
                    .filter((a, b) -> tooClose(a.run.site(), a.segment.start(), a.segment.end(),
                                               b.run.site(), b.segment.start(), b.segment.end()))
                    .penalize(hard()).asConstraint("travel: duties"),
                f.forEachUniquePair(Lesson.class, Joiners.equal(Lesson::getPerson), Joiners.equal(Lesson::getWeekday))
                    .filter((a, b) -> tooClose(a.run.site(), a.slot.start(), a.slot.end(),
                                               b.run.site(), b.slot.start(), b.slot.end()))
                    .penalize(hard()).asConstraint("travel: lessons"),
                f.forEach(Lesson.class)
                    .join(Seat.class, Joiners.equal(Lesson::getPerson, Seat::getPerson),
                          Joiners.equal(Lesson::getWeekday, Seat::getWeekday))
                    .filter((a, b) -> tooClose(a.run.site(), a.slot.start(), a.slot.end(),
                                               b.run.site(), b.segment.start(), b.segment.end()))
                    .penalize(hard()).asConstraint("travel: duty and lesson"),
                f.forEach(Lesson.class).filter(x -> !x.option.person().adult())
                    .ifNotExists(Seat.class, Joiners.equal(Lesson::getPerson, Seat::getPerson),
                                 Joiners.equal(Lesson::getSegment, Seat::getSegment),
                                 Joiners.equal(Lesson::getRun, Seat::getRun))
                    .penalize(hard()).asConstraint("adulthood: visits"),
                engaged(f).groupBy(Engaged::person, ConstraintCollectors.count())
                    .filter((p, n) -> n > p.most())
                    .penalizeLong(hard(), (p, n) -> n - p.most()).asConstraint("load"),
                f.forEach(Lesson.class)
                    .groupBy(Lesson::getRun, x -> x.option.course(), Lesson::getWeekday, ConstraintCollectors.count())
                    .filter((c, k, d, n) -> n > 1)
                    .penalizeLong(hard(), (c, k, d, n) -> n - 1).asConstraint("lesson: course a day"),
                f.forEach(Lesson.class)
                    .groupBy(Lesson::getRun, x -> x.option.course(), ConstraintCollectors.count())
                    .filter((c, k, n) -> n > perWeek)
                    .penalizeLong(hard(), (c, k, n) -> n - perWeek).asConstraint("lesson: course a week"),
                f.forEachUniquePair(Lesson.class, Joiners.equal(Lesson::getRoom), Joiners.equal(Lesson::getSlot))
                    .filter((a, b) -> a.getRoom() >= 0).penalize(hard()).asConstraint("room"),
                f.forEach(Seat.class).filter(d -> d.person.adult())
                    .groupBy(Seat::getRun, Seat::getSegment, ConstraintCollectors.count())
                    .rewardLong(safety(), (c, s, n) -> Math.min(n, c.need()) + Math.min(n, c.minAdults()))
                    .asConstraint("safety: adults"),
                f.forEach(Seat.class).filter(d -> d.lead).reward(safety()).asConstraint("safety: lead"),
                f.forEach(Lesson.class).reward(programme()).asConstraint("open slots"),
                f.forEach(Lesson.class)
                    .groupBy(Lesson::getRun, x -> x.option.course().domain(), ConstraintCollectors.count())
                    .rewardLong(programme(), (c, k, n) -> Math.min(n, c.minimums()[k])).asConstraint("domains"),
                f.forEach(Lesson.class)
                    .penalizeLong(quality(wInterest), x -> x.option.dislike()).asConstraint("interest"),
                f.forEach(Seat.class).map(d -> new Visit(d.person, d.getWeekday(), d.run.site()))
                    .concat(f.forEach(Lesson.class).map(x -> new Visit(x.getPerson(), x.getWeekday(), x.run.site())))
                    .distinct().penalizeLong(quality(wTravel), v -> km[v.person().id()][v.site()])
                    .asConstraint("travel cost"),
                f.forEach(Seat.class).map(d -> new With(d.person, d.run)).distinct()
                    .penalize(quality(wContinuity)).asConstraint("continuity"),
                f.forEach(Seat.class).filter(d -> d.lead).map(d -> new With(d.person, d.run)).distinct()
                    .groupBy(With::run, ConstraintCollectors.count()).filter((c, n) -> n > 1)
                    .penalizeLong(quality(wLead), (c, n) -> n - 1).asConstraint("leads"),
                engaged(f).groupBy(Engaged::person, ConstraintCollectors.count())
                    .filter((p, n) -> n > p.preferred())
                    .penalizeLong(quality(wOverload), (p, n) -> n - p.preferred()).asConstraint("overload"),
                f.forEach(Seat.class).map(d -> new At(d.person, d.run.site()))
                    .concat(f.forEach(Lesson.class).map(x -> new At(x.getPerson(), x.run.site())))
                    .distinct().filter(a -> unwished[a.person().id()][a.site()])
                    .penalize(quality(wWish)).asConstraint("wish"),
                engaged(f).groupBy(Engaged::person, ConstraintCollectors.count())
                    .rewardLong(quality(wIdle), (p, n) -> Math.min(n, (p.preferred() + 1) / 2)).asConstraint("idle"),
            };
        }

        private UniConstraintStream<Engaged> engaged(ConstraintFactory f) {
            return f.forEach(Seat.class).map(d -> new Engaged(d.person, d.segment))
                .concat(f.forEach(Lesson.class).map(x -> new Engaged(x.getPerson(), x.getSegment()))).distinct();
        }
    }

    /** Reads the problem line by line; all names are numbers counted from 0. */
    static Week read(Path path) throws Exception {
        List<Person> people = new ArrayList<>();
        List<Segment> segments = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        List<ClassRun> runs = new ArrayList<>();
        List<Course> courses = new ArrayList<>();
        Map<Option, Option> shared = new HashMap<>();
        List<int[]> kms = new ArrayList<>(), gaps = new ArrayList<>(), wishes = new ArrayList<>();
        Week week = new Week();
        for (String line : Files.readAllLines(path)) {
            String kind = line.substring(0, 1);
            int[] n = line.length() < 3 ? new int[0]
                : Arrays.stream(line.substring(2).split(" ")).mapToInt(Integer::parseInt).toArray();
            switch (kind) {
                case "W" -> {
                    wInterest = n[0]; wTravel = n[1]; wContinuity = n[2]; wLead = n[3]; wOverload = n[4];
                    wWish = n[5]; wIdle = n[6]; perWeek = n[7];
                }
                case "P" -> people.add(new Person(people.size(), n[0] == 1, n[1], n[2]));
                case "S" -> segments.add(new Segment(segments.size(), n[0], n[1], n[2]));
                case "T" -> slots.add(new Slot(slots.size(), segments.get(n[0]), n[1], n[2]));
                case "C" -> runs.add(new ClassRun(runs.size(), n[0], n[1], n[2], Arrays.copyOfRange(n, 3, n.length)));
                case "K" -> courses.add(new Course(courses.size(), n[0]));
                case "D" -> kms.add(n);
                case "U" -> wishes.add(n);
                case "G" -> gaps.add(n);
                case "A" -> {
                    Seat seat = new Seat();
                    seat.id = week.seats.size();
                    seat.run = runs.get(n[0]);
                    seat.segment = segments.get(n[1]);
                    seat.lead = n[2] == 1;
                    seat.people = Arrays.stream(n).skip(3).mapToObj(people::get).toList();
                    week.seats.add(seat);
                }
                case "L" -> {
                    Lesson lesson = new Lesson();
                    lesson.id = week.lessons.size();
                    lesson.run = runs.get(n[0]);
                    lesson.slot = slots.get(n[1]);
                    lesson.options = new ArrayList<>();
                    for (int i = 2; i < n.length; i += 4) {
                        Option one = new Option(courses.get(n[i]), people.get(n[i + 1]), n[i + 2], n[i + 3]);
                        lesson.options.add(shared.computeIfAbsent(one, o -> o));
                    }
                    week.lessons.add(lesson);
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        km = kms.toArray(new int[0][]);
        minutes = gaps.toArray(new int[0][]);
        unwished = new boolean[wishes.size()][];
        for (int i = 0; i < unwished.length; i++) {
            unwished[i] = new boolean[wishes.get(i).length];
            for (int j = 0; j < unwished[i].length; j++) unwished[i][j] = wishes.get(i)[j] == 1;
        }
        return week;
    }

    /** One line a roster: milliseconds, the score, the value of each seat, then of each lesson; -1 is nobody. */
    static void write(PrintWriter out, long began, Week week) {
        StringBuilder line = new StringBuilder().append(System.currentTimeMillis() - began);
        line.append(' ').append(week.score.toString().replace(" ", ""));
        for (Seat d : week.seats) line.append(' ').append(d.person == null ? -1 : d.person.id());
        for (Lesson x : week.lessons) line.append(' ').append(x.option == null ? -1 : x.options.indexOf(x.option));
        out.println(line);
        out.flush();
    }

    /** Arguments: problem, output, milliseconds since the epoch at which the time began, seconds, seed. */
    public static void main(String[] given) throws Exception {
        long began = Long.parseLong(given[2]);
        long until = began + (long) (1000 * Double.parseDouble(given[3]));
        Week week = read(Path.of(given[0]));
        long left = Math.max(100, until - System.currentTimeMillis());
        SolverConfig config = new SolverConfig().withSolutionClass(Week.class)
            .withEntityClasses(Seat.class, Lesson.class).withConstraintProviderClass(Rules.class)
            .withRandomSeed(Long.parseLong(given[4])).withTerminationSpentLimit(Duration.ofMillis(left));
        try (PrintWriter out = new PrintWriter(given[1])) {
            var solver = SolverFactory.<Week>create(config).buildSolver();
            long[] last = {0};
            solver.addEventListener(event -> {
                if (System.currentTimeMillis() - last[0] >= 500) {
                    write(out, began, event.getNewBestSolution());
                    last[0] = System.currentTimeMillis();
                }
            });
            write(out, began, solver.solve(week));
        }
        System.exit(0);
    }
}
