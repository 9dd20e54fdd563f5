import multiprocessing, threading, time, os, cProfile, pstats
from dataclasses import replace
from shared.exchange.reception import Reception
from shared.exchange.relay import Relay
from shared.node.node import Node
from shared.node.recording import Cause
from shared.eventlog.model import NewEvent
from tests.exchange.conftest import *

def work(config, service, relay, prof):
    node = Node(config, service); node.open(); stop=threading.Event()
    if prof:
        import sys
        pr=cProfile.Profile()
    r=Relay(node)
    t=threading.Thread(target=r.run,args=(stop,)); t.start()
    if prof:
        pr.enable()
        end=time.time()+prof
        rec=Reception(node)
        while time.time()<end: rec.turn(0.2)
        pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
        stop.set()
    else:
        Reception(node).run(stop)

def test_bench(town):
    N=int(os.environ.get("N","3000")); CASES=int(os.environ.get("CASES","30")); live=os.environ.get("LIVE")
    cases=[open_case(town.office,to=(CENTRE,)) for _ in range(CASES)]
    town.drain()
    for e in town.exchanges.values(): e.close()
    data=example("PlanSubmitted")
    def write(n, size):
        for start in range(0,n,size):
            c=uuid4(); recs=[]
            for i in range(size):
                c=uuid4()
                recs+=town.office.recorder.records([NewEvent("PlanSubmitted",data,case_id=cases[(start+i)%CASES],to=(CENTRE,))],Cause(c,c,"x",town.office.today()) )
            with town.office.log.write() as w: w.append(recs)
    if not live: write(N,100)
    base=rows(town.office,"select count(*) from receipted")[0][0]
    prof=float(os.environ.get("PROF","0"))
    ps=[multiprocessing.get_context("spawn").Process(target=work,args=(n.config,silent_service(ROLES[n.agency]),True,prof if n is town.centre else 0)) for n in (town.office,town.centre)]
    for p in ps: p.start()
    t0=time.time(); 
    if live: 
        wt=threading.Thread(target=write,args=(N,int(live))); wt.start()
    first=None
    while True:
        n=rows(town.office,"select count(*) from receipted")[0][0]-base
        if n and first is None: first=(time.time(),n)
        if n>=N: break
        if time.time()-t0>40: print("TIMEOUT",n); break
        time.sleep(0.1)
    print("\nRATE", (N-first[1])/(time.time()-first[0]), "receipts", len(stored(town.office,"ReceiptReceived")), rows(town.office,"select partner,sent_through,receipted_through,attempts,problem from partners"), rows(town.centre,"select count(*) from held"))
    if prof: time.sleep(prof)
    for p in ps: p.kill()
