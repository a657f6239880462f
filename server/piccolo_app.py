"""Piccolo's list of our tables, and where their migrations are."""

from piccolo.conf.apps import AppConfig

from server.base.audit_log import LogEntry, LogNote
from server.base.custody import Custody, MigrationSum, SafetyRun
from server.base.settings import ROOT
from server.base.spending import Spent
from server.help.alarm import Alarm
from server.help.claim import Claim
from server.help.private import Message, PrivatePart, Viewing
from server.help.proxy import ProxyFile
from server.help.volunteer import Volunteer
from server.moderation.report import Report
from server.news.alert import Alert
from server.news.alert_choice import AlertChoice
from server.news.subscription import Subscription
from server.news.told import Notice
from server.people.invitation import Invitation
from server.people.key import Key
from server.people.member import Member
from server.people.quartier import Quartier
from server.people.receipt import Receipt
from server.people.session import Session
from server.posts.photo import Photo
from server.posts.post import Post
from server.posts.reaction import Mark
from server.posts.track import Track
from server.talk.reply import Reply
from server.trust.vouching import Vouching

APP_CONFIG = AppConfig(
    app_name="palier",
    migrations_folder_path=str(ROOT / "migrations"),
    table_classes=[
        Quartier, Member, Session, Key, Invitation, Post, Track, Photo, Mark, Reply, Report, LogEntry, LogNote,
        Receipt, Claim, PrivatePart, Viewing, Message, ProxyFile, Notice, Volunteer,
        Subscription, AlertChoice, Alert, Alarm, Spent, Custody, SafetyRun, MigrationSum, Vouching,
    ],
)  # fmt: skip
