"""What guardians are asked in a new installation, in words for a grandmother. A lawyer of the district has to read
these texts before they are used: see ARCHITECTURE.md, What a lawyer should look at.

They were put into the database by a migration and are never changed here: a changed text is a new version there.
Each item says what it is for, who sees it, how long it is kept, and what a no means (PIPL, articles 14, 17 and 30).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefaultText:
    """An item's first text in both languages, and whether a child can be enrolled without a yes."""

    item: str
    is_required: bool
    zh: str
    en: str


def digest_of(zh: str, en: str) -> str:
    """The SHA-256 of both texts, in hex: what a record keeps to show which words were agreed to."""
    return hashlib.sha256(f"{zh}\0{en}".encode()).hexdigest()


FIRST = (
    DefaultText(
        "data",
        True,
        "要照看孩子，我们需要记下：孩子的姓名、性别、出生日期、入学年份和学校；您的姓名和手机号；谁可以来接孩子，有急事打给谁。\n"
        "能看到的人：区里办托管的工作人员、孩子那个托管点的负责人、孩子的班主任。班主任只看得到自己班的。我们不会把它交给别人做广告。\n"
        "没有排上名额的，这一期开始 30 天后删除；来过的，考勤记录保存 3 年后删除。\n"
        "您随时可以在这里查看、改正，也可以要求导出或删除，还可以收回同意。\n"
        "如果不同意，就不能报名：没有这些，我们没法照看孩子。\n"
        "您同意我们为了暑期托管使用这些信息吗？",
        "To look after your child we need to note: the child's name, sex, date of birth, year of school entry "
        "and school; "
        "your name and phone number; who may collect the child and whom to call in an emergency.\n"
        "Who can see it: the district's staff for summer care, the coordinator of your child's site, and the "
        "class lead, "
        "who sees only the own class. We give it to nobody for advertising.\n"
        "If your child gets no place, it is deleted 30 days after the term starts; if your child comes, "
        "attendance is "
        "kept for 3 years and then deleted.\n"
        "At any time you can look at it here and correct it, ask for a copy or for deletion, and take your "
        "consent back.\n"
        "If you say no, you cannot enrol: without it we cannot look after your child.\n"
        "Do you agree that we use this information for summer care?",
    ),
    DefaultText(
        "insurance",
        False,
        "托管期间可以给孩子上保险。上保险时，要把孩子的姓名、性别、出生日期，您的姓名和手机号，托管点和班次交给保险公司。"
        "如果保险公司还要证件号码，会等排上名额以后另外请您填写。\n"
        "保险公司只能用它来承保和理赔。保险结束 30 天后，我们删除证件号码。\n"
        "如果不同意，照样可以报名，只是这份保险里没有您的孩子。\n"
        "您同意把这些信息交给保险公司吗？",
        "Your child can be insured while in our care. For that the child's name, sex and date of birth, your "
        "name and "
        "phone number, the site and the class go to the insurance company. If the insurer also needs the number "
        "of an "
        "identity paper, you will be asked for it separately once your child has a place.\n"
        "The insurer may use it only to insure your child and to pay claims. 30 days after the cover ends we "
        "delete the "
        "number of the paper.\n"
        "If you say no, you can enrol all the same; your child is then not covered by this insurance.\n"
        "Do you agree that this information goes to the insurance company?",
    ),
    DefaultText(
        "class_photo",
        False,
        "老师和志愿者会拍下孩子上课、活动的样子，放进孩子的成长手册和班级回忆录。这些只发给本班的家长。\n"
        "如果不同意，照样可以报名、参加所有活动，班级回忆录里不放能认出您孩子的照片。\n"
        "您同意把孩子的照片放进成长手册和班级回忆录吗？",
        "Teachers and volunteers take pictures of lessons and activities for your child's growth handbook and "
        "for the "
        "class memory book. Only the parents of the class are given these.\n"
        "If you say no, your child can enrol and take part in everything; the memory book then has no picture "
        "that shows "
        "your child.\n"
        "Do you agree to pictures of your child in the handbook and the class memory book?",
    ),
    DefaultText(
        "public_photo",
        False,
        "区里有时在公众号、新闻或展板上介绍暑期托管，可能用到孩子的照片。\n"
        "请想好：放到网上的照片，谁都能看到，也可能被别人存下来。您收回同意后，我们会撤下自己发的，别人存下的收不回来。\n"
        "如果不同意，照样可以报名、参加所有活动，公开的地方不用您孩子的照片。\n"
        "您同意在公开的地方使用孩子的照片吗？",
        "The district sometimes shows summer care in its public account, in the news or on posters, perhaps "
        "with pictures "
        "of children.\n"
        "Please consider: everybody can see a picture on the internet, and others may keep it. If you take your "
        "consent "
        "back, we take down what we published, but not what others have kept.\n"
        "If you say no, your child can enrol and take part in everything; no picture of your child is used in "
        "public.\n"
        "Do you agree to pictures of your child in public?",
    ),
    DefaultText(
        "health",
        False,
        "孩子如果有过敏、慢性病、正在吃药，或者有什么要特别当心的，可以写给我们，让照看的人心里有数。\n"
        "写下的内容加密保存。只有孩子的班主任、托管点负责人和区里的经办人能打开，每次打开都要写明原因，并留下记录。"
        "托管和保险结束 30 天后删除。\n"
        "不会因为您写了什么就不收孩子。\n"
        "如果不同意，照样可以报名，只是不能在这里写；要紧的情况请当面告诉班主任。\n"
        "您同意我们记下孩子的健康情况吗？",
        "If your child has an allergy or a long illness, takes medicine or needs special care, you can tell us, "
        "so that "
        "those who look after your child know.\n"
        "What you write is encrypted. Only the class lead, the coordinator of the site and the district's staff "
        "can open "
        "it, with a reason each time, and that is recorded. It is deleted 30 days after care and cover have ended.\n"
        "No child is turned away for what you write.\n"
        "If you say no, you can enrol all the same; you then cannot write it here: please tell the class lead "
        "in person "
        "what matters.\n"
        "Do you agree that we note your child's health?",
    ),
    DefaultText(
        "outing",
        False,
        "托管期间，老师可能带孩子走出托管点，比如去图书馆、公园，或者参观。\n"
        "如果不同意，照样可以报名；别的孩子外出时，您的孩子留在托管点，有人照看。\n"
        "您同意孩子跟着老师外出活动吗？",
        "During care the teachers may take the children out, to a library, a park or a visit.\n"
        "If you say no, you can enrol all the same; while others are out, your child stays at the site and is looked "
        "after.\n"
        "Do you agree that your child goes on outings with the teachers?",
    ),
    DefaultText(
        "self_leave",
        False,
        "您可以让孩子放学后自己回家，不用人接。孩子走出托管点以后，就没有我们的人照看了。\n"
        "如果不同意，孩子只能由您或者您登记过的人接走。\n"
        "不满 8 岁的孩子，一定要有人接。\n"
        "您同意孩子放学后自己离开吗？",
        "You can let your child go home alone. Once the child has left the site, nobody of ours looks after it.\n"
        "If you say no, only you, or somebody whom you have named, can collect your child.\n"
        "Children under 8 are always collected.\n"
        "Do you agree that your child leaves alone?",
    ),
)
