"""Every table in one place, for migrations and for tests that compare the two."""

from __future__ import annotations

from registry.accounts.tables import (
    Account,
    ApiToken,
    LoginSession,
    OutboxMessage,
    RoleGrant,
    SignInAttempt,
    SignInCode,
)
from registry.attendance.tables import AttendanceDay, AttendanceEvent, HeadCount, PickupDelegation, ServiceStay
from registry.board.notices import BoardNotice
from registry.board.tables import BoardEdit, BoardTrial, RosterBoard, WeekTemplate
from registry.books.tables import Book, BookBatch, BookBatchPart, BookEdit, GuardianFeedback, GuardianReply
from registry.certificates.tables import Certificate
from registry.duties.answer_tables import (
    Absence,
    CourseOffer,
    DutyAnswer,
    DutyReminder,
    DutySwap,
    HandoverNote,
    UsedLink,
    VolunteerChoice,
)
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ClassDay,
    Draw,
    EnrolmentRound,
    Place,
    PriorityGroup,
    PublicNotice,
    RoundClass,
    WaitlistEntry,
    Wish,
)
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    GuardianInvitation,
    Guardianship,
)
from registry.growth.tables import (
    Observation,
    ObservationChild,
    ObservationEdit,
    Photo,
    PhotoChild,
    SafeguardingConcern,
)
from registry.insurance.tables import InsuranceList
from registry.people import (
    Ban,
    ClearanceCheck,
    DatedAvailability,
    PreferredSite,
    TeachableCourse,
    TrainingRecord,
    Volunteer,
    VolunteerAvailability,
)
from registry.privacy.tables import (
    AccessLog,
    BulkExport,
    ConsentRecord,
    ConsentText,
    DataRequest,
    RetentionRun,
)
from registry.programme import (
    ClassRun,
    Course,
    DayOff,
    DaySegment,
    DaySlot,
    Partner,
    Room,
    Season,
    Setting,
    Site,
    Term,
)
from registry.repairs.tables import BoardRepair, StandbyPlan
from registry.rostering.tables import RosterDraft
from registry.substitutes.tables import SubstituteAsk, SubstituteSearch
from registry.tasks.tables import Task

ALL = (
    Setting, DaySegment, DaySlot, DayOff, Season, Partner, Site, Room, Term, Course, ClassRun,
    Volunteer, VolunteerAvailability, DatedAvailability, TeachableCourse, PreferredSite, ClearanceCheck, TrainingRecord,
    Ban, Account, Task, RosterDraft, RoleGrant, SignInCode, SignInAttempt, LoginSession, ApiToken, OutboxMessage,
    RosterVersion, RosteredDuty, RosteredLesson, RosterBoard, BoardEdit, BoardTrial, BoardNotice, BoardRepair,
    WeekTemplate, StandbyPlan, SubstituteSearch, SubstituteAsk, DutyAnswer, Absence,
    UsedLink, HandoverNote, CourseOffer, DutySwap, VolunteerChoice, DutyReminder,
    Guardian, Child, Guardianship, GuardianInvitation, AuthorizedCollector, CollectionRestriction, EmergencyContact,
    PriorityGroup, EnrolmentRound, RoundClass, ClassDay, Application, Wish, Place, WaitlistEntry, ApplicationEvent,
    Draw, PublicNotice,
    AttendanceDay, AttendanceEvent, HeadCount, PickupDelegation, ServiceStay, Certificate, InsuranceList,
    Photo, PhotoChild, Observation, ObservationChild, ObservationEdit, SafeguardingConcern,
    Book, BookEdit, GuardianFeedback, GuardianReply, BookBatch, BookBatchPart,
    ConsentText, ConsentRecord, AccessLog, DataRequest, BulkExport, RetentionRun,
)  # fmt: skip
"""In an order in which rows can be stored without breaking a foreign key."""
